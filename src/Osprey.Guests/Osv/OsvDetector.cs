using System.Buffers.Binary;
using Osprey.Target.Memory;

namespace Osprey.Guests.Osv;

/// <summary>Recognises OSv of x86-64 by signs in physical memory; needs neither registers nor page tables.</summary>
/// <remarks>
/// <para>
/// OSv's kernel always lies at one physical address (0x200000), as the file has it, headers included. These are the
/// signs, each of which may be missing, and the points that each is worth:
/// </para>
/// <list type="bullet">
/// <item>image, 2: an ELF header at that place, whose program headers say that the image belongs there;</item>
/// <item>entry, 1: pointers to the 32-bit entries, at offsets 0x800 and 0x900 of the image, lead into the image, and
/// the header's entry point is a physical address, which is unusual for a kernel that is linked to virtual ones;</item>
/// <item>file, 3: QEMU was told to boot an OSv kernel, or one lies beside that file, and memory holds its code;</item>
/// <item>note, 2: the note that tells Xen the system's name;</item>
/// <item>banner, 2: the line with the version that is printed first (<see cref="OsvBanner"/>);</item>
/// <item>strings, 1: the heading of the kernel's own help.</item>
/// </list>
/// <para>
/// Three points make it OSv. So a whole image needs one sign of any other kind. Where the first page was overwritten in
/// part, a banner or the note behind good entry pointers is enough, and so is the file. A text alone never is, since
/// any program may have it. Without headers, entries or file nothing else is looked at: other systems keep other things
/// there, and searching costs time.
/// </para>
/// </remarks>
internal static class OsvDetector
{
    private const int Enough = 3;
    private const ulong HeadersSize = 0x1000;
    private const ulong EntryOffset = 0x800;
    private const ulong SecondEntryOffset = 0x900;

    /// <summary>Distance of virtual from physical addresses, where neither header nor file tells it.</summary>
    private const ulong UsualShift = 0x4000_0000; // OSV_KERNEL_VM_SHIFT, since June 2019

    /// <summary>Bytes to search where no header tells the image's size.</summary>
    private const long UsualSize = 16 << 20;

    /// <summary>Recognises OSv.</summary>
    /// <returns>Null when it is not OSv, or its kernel is not in place yet.</returns>
    public static GuestIdentity? Detect(GuestMachine machine)
    {
        IPhysicalMemory memory = machine.Memory;
        var signs = new List<GuestSign>();
        int points = 0;
        OsvImageHeader? header = OsvImageHeader.TryRead(memory);
        if (header is not null)
            Add(2, "image", "ELF image at physical 0x200000");

        if (HasEntries(memory, header))
            Add(1, "entry", "entry points");

        ulong? fileAddress = machine.BootFile is { } path ? OsvKernelFile.FindKernelAddress(path, memory) : null;
        if (fileAddress is not null)
            Add(3, "file", "the ELF file of QEMU's -kernel");

        if (points == 0)
            return null;

        string? version = null;
        var banner = new KernelImageMarker(
            OsvBanner.Start.ToArray(),
            (before, after) => (version = OsvBanner.TryReadVersion(before, after)) is not null
        );
        var help = new KernelImageMarker("OSv options"u8.ToArray());
        var note = new KernelImageMarker(OsvNote.Bytes.ToArray());
        KernelImageText.ImageReader read = (offset, buffer) =>
            memory.Read(new PhysicalAddress(OsvImageHeader.ImageAddress + (ulong)offset), buffer);
        if (header is null)
            KernelImageText.FindAll(read, UsualSize, banner, help, note);
        else
            KernelImageText.FindAll(read, header.Size, banner, help);

        if (note.IsFound || (header is not null && HasNote(memory, header)))
            Add(2, "note", "note for Xen");

        if (banner.IsFound)
            Add(2, "banner", "banner");

        if (help.IsFound)
            Add(1, "strings", "texts of its kernel");

        return points >= Enough
            ? new GuestIdentity(
                OsvGuest.Name,
                version ?? "",
                header?.KernelAddress ?? fileAddress ?? OsvImageHeader.ImageAddress + UsualShift,
                new PhysicalAddress(OsvImageHeader.ImageAddress),
                signs
            )
            : null;

        void Add(int worth, string name, string description)
        {
            points += worth;
            signs.Add(new GuestSign(name, description));
        }
    }

    private static bool HasEntries(IPhysicalMemory memory, OsvImageHeader? header)
    {
        ulong size = (ulong)(header?.Size ?? UsualSize);
        return header is not { HasPhysicalEntry: false }
            && LeadsIntoImage(memory, EntryOffset, size)
            && LeadsIntoImage(memory, SecondEntryOffset, size);
    }

    private static bool LeadsIntoImage(IPhysicalMemory memory, ulong offset, ulong size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        if (memory.Read(new PhysicalAddress(OsvImageHeader.ImageAddress + offset), bytes) != bytes.Length)
            return false;

        ulong pointer = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return pointer >= OsvImageHeader.ImageAddress + HeadersSize && pointer - OsvImageHeader.ImageAddress < size;
    }

    private static bool HasNote(IPhysicalMemory memory, OsvImageHeader header)
    {
        foreach ((PhysicalAddress start, int size) in header.Notes)
        {
            byte[] notes = new byte[size];
            if (OsvNote.IsIn(notes.AsSpan(0, memory.Read(start, notes))))
                return true;
        }

        return false;
    }
}
