using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Target.Memory;

namespace Osprey.Guests.Programs;

/// <summary>
/// Compares an ELF file with a guest's memory: by its build-id where that is loaded, else by samples of its code.
/// Kernels patch some of their code while they run, so a few samples may differ.
/// </summary>
public static class ProgramCheck
{
    private const int SampleCount = 64;
    private const int SampleSize = 32;
    private const uint Executable = 1; // PF_X

    /// <summary>Compares a file with one memory.</summary>
    /// <param name="image">The file.</param>
    /// <param name="bias">The distance between the addresses in the file and those in memory.</param>
    /// <param name="memory">The guest's memory.</param>
    public static ProgramFit Compare(ElfImage image, LoadBias bias, IMemoryReader memory) =>
        CompareBuildId(image, bias, memory) ?? CompareCode(image, bias, memory);

    /// <summary>The notes of a kernel are loaded with it, and change with every build.</summary>
    private static ProgramFit? CompareBuildId(ElfImage image, LoadBias bias, IMemoryReader memory)
    {
        BuildId id = image.ReadBuildId();
        if (id.IsEmpty)
            return null;

        byte[] wanted = Convert.FromHexString(id.ToString());
        foreach (ElfSegment segment in image.Segments)
        {
            if (segment.Type != ElfSegmentType.Note || segment.FileSize is 0 or > 1 << 16)
                continue;

            // There may be several segments of notes, such as one with properties, whose owner is GNU as well.
            byte[] notes = new byte[(int)segment.FileSize];
            if (
                image.ReadLoaded(segment.LinkAddress, notes) != notes.Length
                || notes.AsSpan().IndexOf(wanted) is not (>= 0 and var place)
            )
                continue;

            if (memory.TryRead(bias.ToAddress(segment.LinkAddress), notes))
                return notes.AsSpan(place, wanted.Length).SequenceEqual(wanted)
                    ? ProgramFit.Same
                    : ProgramFit.Different;
        }

        return null;
    }

    private static ProgramFit CompareCode(ElfImage image, LoadBias bias, IMemoryReader memory)
    {
        int same = 0;
        int compared = 0;
        Span<byte> expected = stackalloc byte[SampleSize];
        Span<byte> found = stackalloc byte[SampleSize];
        Span<bool> changed = stackalloc bool[SampleSize];
        foreach (ElfSegment segment in image.Segments)
        {
            if (
                segment.Type != ElfSegmentType.Load
                || (segment.Flags & Executable) == 0
                || segment.FileSize < SampleSize * 2
            )
                continue;

            ulong step = Math.Max((segment.FileSize - SampleSize) / SampleCount, 1);
            for (ulong i = 0; i <= SampleCount && i * step <= segment.FileSize - SampleSize; i++)
            {
                ulong linkAddress = unchecked(segment.LinkAddress + (i * step));
                if (
                    image.ReadLoaded(linkAddress, expected) != SampleSize
                    || expected.IndexOfAnyExcept((byte)0) < 0
                    || !memory.TryRead(bias.ToAddress(linkAddress), found)
                )
                {
                    continue;
                }

                image.MarkRelocations(linkAddress, changed);
                compared++;
                same += AreSame(expected, found, changed) ? 1 : 0;
            }
        }

        return compared == 0 ? ProgramFit.Unknown
            : same * 4 >= compared * 3 ? ProgramFit.Same
            : ProgramFit.Different;
    }

    /// <summary>
    /// True when two samples are the same, except for bytes that the loader of a kernel module changed: the targets of
    /// calls, and the calls themselves, which kernels replace.
    /// </summary>
    private static bool AreSame(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found, ReadOnlySpan<bool> changed)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] != found[i] && !changed[i])
                return false;
        }

        return true;
    }
}
