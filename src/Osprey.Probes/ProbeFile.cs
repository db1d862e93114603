using Osprey.Binary;
using Osprey.Probes.Notes;
using Osprey.Probes.Operands;

namespace Osprey.Probes;

/// <summary>The probes of one ELF file, 32-bit or 64-bit.</summary>
public sealed class ProbeFile
{
    private readonly ProbeElf _elf;

    private ProbeFile(string path, ProbeElf elf, IReadOnlyList<Probe> probes, BadDataException? damage)
    {
        _elf = elf;
        Path = path;
        Probes = probes;
        Damage = damage;
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The processor that the file is for.</summary>
    public ProbeMachine Machine => _elf.Machine;

    /// <summary>True for a file of 64-bit addresses.</summary>
    public bool Is64Bit => _elf.Is64Bit;

    /// <summary>The probes, sorted by provider and name; none for a file without any.</summary>
    public IReadOnlyList<Probe> Probes { get; }

    /// <summary>The number of sites of all probes: of notes.</summary>
    public int SiteCount => Probes.Sum(probe => probe.Sites.Count);

    /// <summary>What is wrong behind the notes that could be read; null for nothing.</summary>
    public BadDataException? Damage { get; }

    /// <summary>Reads the probes of a file.</summary>
    /// <param name="path">The path to open.</param>
    /// <param name="name">The path to name it by; null for the same.</param>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be opened.</exception>
    /// <exception cref="BadDataException">It is not an ELF file, or its headers are malformed.</exception>
    public static ProbeFile Open(string path, string? name = null)
    {
        using ByteSource source = ByteSource.OpenFile(path);
        return Read(source, name ?? path);
    }

    /// <summary>Reads the probes of a file; null when it is not an ELF file.</summary>
    /// <inheritdoc cref="Open"/>
    internal static ProbeFile? OpenElf(string path, string name)
    {
        using ByteSource source = ByteSource.OpenFile(path);
        return ProbeElf.IsElf(source) ? Read(source, name) : null;
    }

    /// <summary>Reads the probes of a file out of its bytes.</summary>
    /// <param name="source">The bytes; not needed afterwards.</param>
    /// <param name="path">The path to name it by.</param>
    /// <exception cref="BadDataException">It is not an ELF file, or its headers are malformed.</exception>
    public static ProbeFile Read(ByteSource source, string path)
    {
        var elf = ProbeElf.Parse(source);
        IReadOnlyList<ProbeNote> notes = ProbeNoteReader.ReadAll(
            elf.Notes.Span,
            $"{path}: .note.stapsdt",
            elf.Is64Bit,
            elf.IsBigEndian,
            out BadDataException? damage
        );
        elf.Forget();
        Probe[] probes =
        [
            .. notes
                .Select(note => MakeSite(elf, note))
                .GroupBy(site => (site.Note.Provider, site.Note.Name))
                .OrderBy(group => group.Key.Provider, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Name, StringComparer.Ordinal)
                .Select(group => new Probe(
                    group.Key.Provider,
                    group.Key.Name,
                    [.. group.OrderBy(site => site.LinkAddress)]
                )),
        ];
        return new ProbeFile(path, elf, probes, damage);
    }

    /// <summary>
    /// The distance of run-time addresses from link-time ones, where a part of the file is mapped; null when the file
    /// does not say that the part is loaded.
    /// </summary>
    /// <param name="address">Where the mapping begins.</param>
    /// <param name="fileOffset">Where in the file it begins.</param>
    public ulong? FindBias(ulong address, ulong fileOffset) =>
        _elf.FindLinkAddress(fileOffset) is { } link ? unchecked(address - link) : null;

    private static ProbeSite MakeSite(ProbeElf elf, ProbeNote note)
    {
        // Prelink moves sections and not the notes, which are not loaded: the base tells by how much.
        ulong moved =
            elf.BaseLinkAddress is { } now && note.BaseLinkAddress != 0 ? unchecked(now - note.BaseLinkAddress) : 0;
        ulong mask = elf.Is64Bit ? ulong.MaxValue : uint.MaxValue;
        ulong site = unchecked(note.LinkAddress + moved) & mask;
        ulong? semaphore = note.SemaphoreLinkAddress == 0 ? null : unchecked(note.SemaphoreLinkAddress + moved) & mask;
        return new ProbeSite(
            note,
            site,
            elf.FindOffset(site),
            semaphore,
            semaphore is { } address ? elf.FindOffset(address) : null,
            ArgumentParser.Parse(note.Arguments, elf.Machine)
        );
    }
}
