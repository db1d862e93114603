using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>The ELF note VMCOREINFO that a Linux kernel keeps in its memory for whoever reads its dumps.</summary>
/// <remarks>
/// The kernel makes the note when it boots (kernel/crash_core.c) and puts it at the start of a page; QEMU's device
/// <c>vmcoreinfo</c> is only told the page's address. So the page can be found without the device: by the header of the
/// note and the words that its text begins with. Memory may hold others, of a kernel before a kexec or of a guest in
/// the guest: the text names the link-time address of <c>_stext</c> and <c>phys_base</c>, so the page tables tell
/// whether a note is of the kernel that runs.
/// </remarks>
internal static class VmcoreInfo
{
    /// <summary>The largest note in bytes, header and owner included.</summary>
    public const int MaxSize = 4096 + HeaderSize;

    private const int HeaderSize = 12 + 12;
    private const uint OwnerSize = 11;
    private const ulong ImageMapStart = 0xffff_ffff_8000_0000; // __START_KERNEL_map
    private const ulong ImageMapLast = 0xffff_ffff_bfff_ffff; // modules begin behind it: MODULES_VADDR

    private static ReadOnlySpan<byte> Owner => "VMCOREINFO\0"u8;

    /// <summary>Tells whether a page may begin with the note.</summary>
    public static bool IsAt(ReadOnlySpan<byte> page) =>
        page.Length >= HeaderSize
        && BinaryPrimitives.ReadUInt32LittleEndian(page) == OwnerSize
        && page.Slice(12, Owner.Length).SequenceEqual(Owner);

    /// <summary>Reads the text of a note; null when it is malformed.</summary>
    public static byte[]? TryRead(IPhysicalMemory memory, ulong address)
    {
        byte[] bytes = new byte[MaxSize];
        ReadOnlySpan<byte> note = bytes.AsSpan(0, memory.Read(new PhysicalAddress(address), bytes));
        if (!IsAt(note))
            return null;

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(note[4..]);
        if (size == 0 || size > note.Length - HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(note[8..]) != 0)
            return null;

        ReadOnlySpan<byte> text = note.Slice(HeaderSize, (int)size);
        return text.StartsWith("OSRELEASE="u8) && text.IndexOf("\nPAGESIZE="u8) > 0 ? text.ToArray() : null;
    }

    /// <summary>Tells whether a note's text is of the kernel whose address space this is.</summary>
    public static bool IsOf(ReadOnlySpan<byte> text, AddressSpace kernel)
    {
        if (
            FindNumber(text, "SYMBOL(_stext)=", NumberStyles.AllowHexSpecifier) is not { } start
            || FindNumber(text, "NUMBER(phys_base)=", NumberStyles.AllowLeadingSign) is not { } physicalBase
        )
            return false;

        ulong expected = unchecked(start - ImageMapStart + physicalBase);
        return kernel.Memory.TryTranslate(start, out PhysicalAddress physical) && physical.Value == expected;
    }

    /// <summary>
    /// Finds what the page tables map of the kernel's image: the range that the kernel keeps for it, where memory is
    /// mapped as the note says.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static List<PageRange> FindImage(AddressSpace kernel, CancellationToken cancellation) =>
        VirtualSegments.Map(kernel, ImageMapStart, ImageMapLast, cancellation);

    private static ulong? FindNumber(ReadOnlySpan<byte> text, string name, NumberStyles style)
    {
        int at = text.IndexOf(Encoding.ASCII.GetBytes("\n" + name));
        if (at < 0)
            return null;

        ReadOnlySpan<byte> rest = text[(at + 1 + name.Length)..];
        int end = rest.IndexOf((byte)'\n');
        rest = end < 0 ? rest : rest[..end];
        return style == NumberStyles.AllowHexSpecifier
            ? ulong.TryParse(rest, style, CultureInfo.InvariantCulture, out ulong hex)
                ? hex
                : null
            : long.TryParse(rest, style, CultureInfo.InvariantCulture, out long number)
                ? unchecked((ulong)number)
                : null;
    }
}
