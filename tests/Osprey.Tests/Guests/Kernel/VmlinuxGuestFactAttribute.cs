using System.Buffers.Binary;
using System.Text;
using Osprey.Binary.Elf;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Kernel;

/// <summary>
/// A test on a booted Linux guest that needs its kernel's debug info and gdb: <c>OSPREY_VMLINUX</c> must be the very
/// build that <c>tests/linux-guest/install</c> fetched.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VmlinuxGuestFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_mismatch = new(DescribeMismatch);

    /// <param name="tools">What the test calls beyond gdb and addr2line.</param>
    public VmlinuxGuestFactAttribute(params string[] tools) =>
        Skip =
            VmlinuxFactAttribute.DescribeMissing()
            ?? LinuxGuestImage.DescribeMissing(["gdb", "addr2line", .. tools])
            ?? s_mismatch.Value;

    /// <summary>
    /// Why the two kernels are not the same, by release and by what the build says of itself; null when they are.
    /// </summary>
    private static string? DescribeMismatch()
    {
        string booted = ReadBooted();
        string banner = ReadBanner();
        int build = booted.IndexOf('#', StringComparison.Ordinal);
        string release = booted.Split(' ')[0];
        return
            build >= 0
            && banner.StartsWith($"Linux version {release} ", StringComparison.Ordinal)
            && banner.EndsWith(booted[build..], StringComparison.Ordinal)
            ? null
            : $"OSPREY_VMLINUX is not the kernel that is booted: \"{banner}\", and "
                + $"{LinuxGuestImage.Kernel} is \"{booted}\"";
    }

    /// <summary>
    /// Release, builder and build, as the boot protocol has them: at 0x20e is where in the second sector they are.
    /// </summary>
    private static string ReadBooted()
    {
        byte[] head = new byte[0x10000];
        using FileStream kernel = File.OpenRead(LinuxGuestImage.Kernel);
        int size = kernel.ReadAtLeast(head, head.Length, false);
        int start = 0x200 + BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(0x20e));
        ReadOnlySpan<byte> text = head.AsSpan(0, size)[Math.Min(start, size)..];
        return Encoding.ASCII.GetString(text[..Math.Max(text.IndexOf((byte)0), 0)]);
    }

    private static string ReadBanner()
    {
        using ElfImage image = ElfImage.Open(VmlinuxFactAttribute.Vmlinux);
        byte[] bytes = new byte[512];
        int size = image.ReadSymbols().Find("linux_banner") is { } symbol
            ? image.ReadLoaded(symbol.LinkAddress, bytes)
            : 0;
        ReadOnlySpan<byte> text = bytes.AsSpan(0, size);
        return Encoding.ASCII.GetString(text[..Math.Max(text.IndexOf((byte)0), 0)]).TrimEnd();
    }
}
