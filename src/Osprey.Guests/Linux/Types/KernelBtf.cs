using Osprey.Binary;
using Osprey.Guests.Programs;
using Osprey.Symbols.Types.Btf;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Types;

/// <summary>Finds the description of its own types, BTF, in the image of a Linux kernel that runs.</summary>
/// <remarks>
/// <para>
/// A kernel with <c>CONFIG_DEBUG_INFO_BTF</c> has the blob in its read-only data, between <c>__start_BTF</c> and
/// <c>__stop_BTF</c>, for programs of BPF; nearly all distributions build theirs so. Where the symbols are not known,
/// the image is searched for the blob's header, of which 8 bytes are always the same. Whatever looks like
/// one is read whole and checked like any file, since memory may hold anything: programs of BPF that are part of the
/// kernel, or that a process of the guest has loaded, bring small blobs of their own.
/// </para>
/// <para>
/// The kernel's is the largest that has the types that every kernel has. One of a mebibyte and more ends the search:
/// the kernel's has a few, the others some kibibytes.
/// </para>
/// <para>
/// The blob is never written to, so that a guest that runs need not be paused. The number of candidates and what is
/// read of them are bounded; a hostile guest gets no more out of it than that its types are not found.
/// </para>
/// </remarks>
internal static class KernelBtf
{
    private const int MaxBlobSize = 64 << 20;
    private const int CertainSize = 1 << 20;
    private const int MaxCandidates = 256;
    private const long MaxBytesRead = 256 << 20;
    private const string StartSymbol = "__start_BTF";
    private const int Alignment = 4;

    private static readonly string[] s_everyKernelHas = ["struct task_struct", "struct list_head"];

    /// <summary>The magic number, the version, no flags, and the size of the header.</summary>
    private static ReadOnlySpan<byte> Start => [0x9f, 0xeb, 1, 0, BtfHeader.MinSize, 0, 0, 0];

    /// <summary>Finds and reads the kernel's types; null when its image has none that can be read.</summary>
    /// <param name="memory">Memory as the kernel sees it.</param>
    /// <param name="image">Virtual address of the kernel's image.</param>
    /// <param name="findSymbol">Gives the run-time address of a symbol; null when there is none.</param>
    public static GuestKernelTypes? Find(VirtualMemory memory, ulong image, Func<string, ulong?> findSymbol)
    {
        GuestKernelTypes? best = null;
        long budget = MaxBytesRead;
        if (findSymbol(StartSymbol) is { } known && TryTake(known))
            return best;

        int candidates = 0;
        new LinuxImage(memory, image).Search(
            Start,
            image,
            address => address % Alignment == 0 && (TryTake(address) || ++candidates == MaxCandidates)
        );
        return best;

        // True when it is certain that no other blob is the kernel's.
        bool TryTake(ulong address)
        {
            if (TryRead(memory, address, ref budget) is not { } bytes || (ulong)bytes.Length <= (best?.Size ?? 0))
                return false;

            if (TryParse(bytes, address, findSymbol) is not { } types)
                return false;

            best = new GuestKernelTypes(types, "BTF", address, (ulong)bytes.Length);
            return bytes.Length >= CertainSize;
        }
    }

    /// <summary>Reads a blob whole; null when its header makes no sense, or not all of it can be read.</summary>
    private static byte[]? TryRead(VirtualMemory memory, ulong address, ref long budget)
    {
        Span<byte> front = stackalloc byte[BtfHeader.MinSize];
        Span<byte> edges = stackalloc byte[2];
        BtfHeader header;
        try
        {
            if (memory.Read(address, front) < front.Length)
                return null;

            header = BtfHeader.Parse(front, "BTF in memory");
        }
        catch (BadDataException)
        {
            return null;
        }

        int size = (int)Math.Min(header.TotalSize, MaxBlobSize + 1);
        if (size > MaxBlobSize || size > budget || header.TypeSize == 0 || header.StringSize < 2)
            return null;

        // The strings begin and end with a NUL: a few bytes tell most of what is none.
        ulong strings = unchecked(address + header.Size + header.StringOffset);
        if (
            memory.Read(strings, edges[..1]) == 0
            || memory.Read(unchecked(strings + header.StringSize - 1), edges[1..]) == 0
            || edges[0] != 0
            || edges[1] != 0
        )
            return null;

        budget -= size;
        byte[] bytes = GC.AllocateUninitializedArray<byte>(size);
        return memory.Read(address, bytes) == size ? bytes : null;
    }

    private static BtfTypeSource? TryParse(byte[] bytes, ulong address, Func<string, ulong?> findSymbol)
    {
        try
        {
            var types = BtfTypeSource.Read(bytes, $"BTF at 0x{address:x}", findSymbol: findSymbol);
            return s_everyKernelHas.All(name => types.FindType(name) is CompoundType { IsDeclaration: false })
                ? types
                : null;
        }
        catch (BadDataException)
        {
            return null; // something else that begins alike
        }
    }
}
