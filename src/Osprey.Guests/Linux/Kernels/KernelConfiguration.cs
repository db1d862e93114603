using System.IO.Compression;
using System.Text;
using Osprey.Target;

namespace Osprey.Guests.Linux.Kernels;

/// <summary>The options that a Linux kernel was built with, as <c>/proc/config.gz</c> has them.</summary>
/// <remarks>
/// With <c>CONFIG_IKCONFIG</c> the kernel, or its module <c>configs</c>, has them as a gzip file, between
/// <c>kernel_config_data</c> and <c>kernel_config_data_end</c> (or of <c>kernel_config_data_size</c> bytes before 5.1).
/// The file says itself where it ends, so that only the first of these is needed. Most distributions leave it out.
/// </remarks>
internal static class KernelConfiguration
{
    private const int MaxPacked = 4 << 20;
    private const int MaxSize = 32 << 20;
    private const int ChunkSize = 64 << 10;

    /// <summary>The text before the file, at which the symbol of kernels before 5.1 stands.</summary>
    private static ReadOnlySpan<byte> Marker => "IKCFG_ST"u8;

    /// <summary>Reads them. No types are needed.</summary>
    /// <exception cref="TargetException">The kernel has none, or they are not understood.</exception>
    public static IReadOnlyList<string> Read(GuestKernel kernel)
    {
        ulong start =
            LinuxVariables.FindAddress(kernel, "kernel_config_data")
            ?? throw new TargetException(
                TargetProblem.NotConfigured,
                "not configured in this kernel: it has no copy of its configuration (CONFIG_IKCONFIG)"
            );
        byte[] packed = new byte[MaxPacked];
        int count = kernel.Values.Memory.Read(start, packed);
        int marker = packed.AsSpan(0, count).StartsWith(Marker) ? Marker.Length : 0;
        try
        {
            using var gzip = new GZipStream(
                new MemoryStream(packed, marker, count - marker),
                CompressionMode.Decompress
            );
            var text = new MemoryStream();
            byte[] chunk = new byte[ChunkSize];
            while (gzip.Read(chunk) is > 0 and var size)
            {
                text.Write(chunk, 0, size);
                if (text.Length > MaxSize)
                    throw NotUnderstood($"it has more than {MaxSize} bytes");
            }

            return text.Length == 0
                ? throw NotUnderstood("it is empty")
                : Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length).TrimEnd('\n').Split('\n');
        }
        catch (InvalidDataException exception)
        {
            throw NotUnderstood(exception.Message.TrimEnd('.'));
        }
    }

    private static TargetException NotUnderstood(string reason) =>
        new(
            TargetProblem.NotUnderstood,
            $"the kernel's configuration (kernel_config_data) is not understood: {reason}"
        );
}
