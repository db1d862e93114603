namespace Osprey.Binary.Boot;

/// <summary>The forms that a kernel's build packs it in.</summary>
internal enum PackedForm
{
    /// <summary>None of the others.</summary>
    Unknown,

    /// <summary><c>CONFIG_KERNEL_GZIP</c></summary>
    Gzip,

    /// <summary><c>CONFIG_KERNEL_XZ</c></summary>
    Xz,

    /// <summary><c>CONFIG_KERNEL_ZSTD</c></summary>
    Zstd,

    /// <summary><c>CONFIG_KERNEL_LZ4</c>, in the legacy frame of the program lz4.</summary>
    Lz4,

    /// <summary><c>CONFIG_KERNEL_LZMA</c>, in the form of LZMA before xz.</summary>
    Lzma,

    /// <summary><c>CONFIG_KERNEL_BZIP2</c></summary>
    Bzip2,

    /// <summary><c>CONFIG_KERNEL_LZO</c>, in the form of the program lzop.</summary>
    Lzo,
}
