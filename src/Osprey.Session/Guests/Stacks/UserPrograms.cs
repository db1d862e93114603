using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Guests.Processes;
using Osprey.Guests.Programs;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Sources;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Guests.Stacks;

/// <summary>
/// The program and libraries of one process, as far as their files are on this host or in the guest's memory.
/// </summary>
/// <remarks>
/// A file is looked for below the folders that the user named, by its path in the guest, and compared with what the
/// process has in memory before it is believed. Where there is none, the file is read out of the guest itself.
/// </remarks>
internal sealed class UserPrograms : IDisposable
{
    private readonly Symbolizer _symbols;
    private readonly List<UnwindModule> _modules = [];
    private readonly List<string> _notes = [];
    private readonly IReadOnlyList<GuestProcessMapping> _maps;
    private readonly CachedPrograms _cached;

    private UserPrograms(IReadOnlyList<GuestProcessMapping> maps, CachedPrograms cached, SymbolizerOptions options)
    {
        _maps = maps;
        _cached = cached;
        _symbols = new Symbolizer(options);
    }

    /// <summary>What the user should know about the files.</summary>
    public IEnumerable<string> Notes => _notes.Concat(_cached.Notes);

    /// <summary>Finds the files of a process.</summary>
    /// <param name="maps">The mappings of the process.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="openFile">
    /// Opens the file of a mapping in the guest; null when its cache of files is not understood.
    /// </param>
    /// <param name="folders">Folders with the guest's files in them.</param>
    /// <param name="options">Options for symbols.</param>
    public static UserPrograms Find(
        IReadOnlyList<GuestProcessMapping> maps,
        IMemoryReader memory,
        Func<GuestProcessMapping, IGuestFile?> openFile,
        IReadOnlyList<string> folders,
        SymbolizerOptions options
    )
    {
        var programs = new UserPrograms(maps, new CachedPrograms(maps, memory, openFile), options);
        foreach (
            GuestProcessMapping code in maps.Where(item =>
                    item.Inode != 0 && (item.Permissions & PagePermissions.Execute) != 0
                )
                .DistinctBy(item => item.Path)
        )
        {
            if (!programs.TryAdd(code, memory, folders, options))
                programs.AddCached(code, options);
        }

        return programs;
    }

    /// <summary>Follows a stack in the process.</summary>
    public Backtrace Unwind(
        Target.Architectures.RegisterSet registers,
        IMemoryReader memory,
        UnwinderOptions options
    ) => new Unwinder(new UnwindModuleList(_modules), memory, options).Unwind(registers);

    /// <summary>Names the frames of a stack; those in files that are not here by the file alone.</summary>
    public IReadOnlyList<BacktraceRow> Name(Backtrace backtrace) =>
        [
            .. new BacktraceSymbols(_symbols)
                .Expand(backtrace)
                .Select(row =>
                    row.Module is null
                    && _maps.FirstOrDefault(item => item.Start <= row.Address && row.Address < item.End)
                        is { Path: { } path } mapping
                        ? row with
                        {
                            Module = path,
                            ModuleOffset = unchecked(row.Address - mapping.Start + mapping.Offset),
                        }
                        : row
                ),
        ];

    public void Dispose() => _symbols.Dispose();

    /// <summary>Adds a file as the guest itself has it in memory.</summary>
    private void AddCached(GuestProcessMapping code, SymbolizerOptions options)
    {
        if (code.Path is null)
            return;

        try
        {
            if (_cached.TryOpen(code, options.Limits) is not { } image)
                return;

            if (FindBias(image, code) is not { } bias)
            {
                image.Dispose();
                return;
            }

            // What a guest says of a build is not to be kept for files of this host.
            ElfSymbolSource source = _symbols.AddElf(image, bias, options with { UseCache = false });
            _modules.Add(new UnwindModule(image, bias, source.FindDebugFile, options.Limits));
        }
        catch (BadDataException exception)
        {
            _notes.Add($"{code.Path}, in the guest's memory, is not used: {exception.Message}");
        }
    }

    private bool TryAdd(
        GuestProcessMapping code,
        IMemoryReader memory,
        IReadOnlyList<string> folders,
        SymbolizerOptions options
    )
    {
        // A file whose name can't be followed in the guest is none that could be looked for.
        if (code.Path is not { } named)
            return false;

        string inside = named.TrimStart('/');
        foreach (string folder in folders)
        {
            string path = Path.Combine(folder, inside);
            if (!File.Exists(path))
                continue;

            try
            {
                LoadBias? found;
                ProgramFit fit = ProgramFit.Unknown;
                using (ElfImage image = ElfImage.Open(path, options.Limits))
                {
                    found = FindBias(image, code);
                    if (found is { } bias)
                        fit = ProgramCheck.Compare(image, bias, memory);
                }

                if (fit != ProgramFit.Same)
                {
                    _notes.Add(
                        $"{path} is not used: the process has "
                            + (
                                fit == ProgramFit.Different
                                    ? "other code in memory"
                                    : "nothing of it in memory to compare"
                            )
                    );
                    continue;
                }

                ElfSymbolSource source = _symbols.AddElf(path, found!.Value);
                _modules.Add(new UnwindModule(source.Image, found.Value, source.FindDebugFile, options.Limits));
                return true;
            }
            catch (Exception exception)
                when (exception is BadDataException or IOException or UnauthorizedAccessException)
            {
                _notes.Add($"{path} is not used: {exception.Message}");
            }
        }

        return false;
    }

    /// <summary>
    /// The distance between the addresses in the file and those in memory, by the mapping of its code.
    /// </summary>
    private static LoadBias? FindBias(ElfImage image, GuestProcessMapping code)
    {
        foreach (ElfSegment segment in image.Segments)
        {
            // A segment is mapped in whole pages: its mapping may begin before it.
            ulong first = segment.Offset & ~0xfffUL;
            if (
                segment.Type == ElfSegmentType.Load
                && (segment.Flags & ElfSegment.Executable) != 0
                && code.Offset >= first
                && code.Offset < unchecked(segment.Offset + segment.FileSize)
            )
                return new LoadBias(unchecked(code.Start - (segment.LinkAddress + code.Offset - segment.Offset)));
        }

        return null;
    }
}
