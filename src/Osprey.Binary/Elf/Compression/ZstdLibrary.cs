using System.Runtime.InteropServices;

namespace Osprey.Binary.Elf.Compression;

/// <summary>Calls the system's libzstd, if there is one: the class library has no zstd of its own.</summary>
internal static unsafe class ZstdLibrary
{
    /// <summary>The error where there is no libzstd.</summary>
    public const string Missing = "compressed with zstd, and libzstd.so.1 was not found (install libzstd1)";

    private static readonly Lazy<IntPtr> s_library = new(Load);

    /// <summary>Finds one of the library's functions.</summary>
    /// <returns><see langword="false"/> when there is no such function, or no library.</returns>
    public static bool TryGetFunction(string name, out IntPtr function)
    {
        function = IntPtr.Zero;
        return s_library.Value != IntPtr.Zero && NativeLibrary.TryGetExport(s_library.Value, name, out function);
    }

    /// <summary>Decompresses bytes.</summary>
    /// <param name="packed">The compressed bytes.</param>
    /// <param name="size">The size that the decompressed bytes must have.</param>
    /// <param name="name">Name of the section, for errors.</param>
    /// <exception cref="BadDataException">The bytes are damaged, or there is no libzstd on this machine.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, int size, string name)
    {
        if (
            !TryGetFunction("ZSTD_decompress", out IntPtr decompress)
            || !TryGetFunction("ZSTD_isError", out IntPtr isError)
        )
        {
            throw new BadDataException(name, 0, Missing);
        }

        byte[] unpacked = new byte[size];
        nuint count;
        fixed (byte* from = packed)
        fixed (byte* to = unpacked)
        {
            count = ((delegate* unmanaged<byte*, nuint, byte*, nuint, nuint>)decompress)(
                to,
                (nuint)unpacked.Length,
                from,
                (nuint)packed.Length
            );
        }

        if (((delegate* unmanaged<nuint, uint>)isError)(count) != 0)
            throw new BadDataException(name, 0, "zstd: the compressed bytes are damaged");

        return count == (nuint)size
            ? unpacked
            : throw new BadDataException(name, 0, $"expected {size} bytes after decompression, have {count}");
    }

    private static IntPtr Load() => NativeLibrary.TryLoad("libzstd.so.1", out IntPtr library) ? library : IntPtr.Zero;
}
