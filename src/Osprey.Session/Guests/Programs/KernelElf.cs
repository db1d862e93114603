using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Writing;
using Osprey.Guests.Modules;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding.Rules;

namespace Osprey.Session.Guests.Programs;

/// <summary>
/// An ELF file made of what a kernel without a file of its own has in memory: its symbols and its modules', the rules
/// for its stacks as <c>.debug_frame</c>, and its code. Debuggers and disassemblers that know nothing of the guest then
/// have names, and follow its stacks.
/// </summary>
public sealed class KernelElf
{
    private const int ChunkSize = 1 << 20;
    private const ulong MaxSectionSize = 1 << 30;

    /// <summary>The parts of a kernel's image, by the symbols around them.</summary>
    private static readonly (string Name, string[] Starts, string End, ElfSectionFlags Flags)[] s_parts =
    [
        (".text", ["_text", "_stext"], "_etext", ElfSectionFlags.Executable),
        (".rodata", ["__start_rodata"], "__end_rodata", ElfSectionFlags.None),
        (".data", ["_sdata"], "_edata", ElfSectionFlags.Write),
        (".init.text", ["_sinittext"], "_einittext", ElfSectionFlags.Executable),
        (".bss", ["__bss_start"], "__bss_stop", ElfSectionFlags.Write),
    ];

    private readonly GuestSession _guest;
    private readonly ISymbolTable _kernel;
    private readonly bool _withCode;

    private KernelElf(GuestSession guest, ISymbolTable kernel, bool withCode)
    {
        _guest = guest;
        _kernel = kernel;
        _withCode = withCode;
    }

    /// <summary>The number of symbols that were written.</summary>
    public int SymbolCount { get; private set; }

    /// <summary>The size of the rules for stacks that were written, in bytes; 0 when none are known.</summary>
    public int FrameInfoSize { get; private set; }

    /// <summary>The number of bytes that were to be written and can't be read; they are zeros.</summary>
    public ulong Unreadable { get; private set; }

    /// <summary>Reasons why something is missing.</summary>
    public IList<string> Defects { get; } = [];

    /// <summary>Prepares one.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="withCode">
    /// Whether code and constants are copied into it, for disassemblers; debuggers read them out of the guest.
    /// </param>
    /// <returns>Null when the kernel's file is here with its symbols, or none are known.</returns>
    /// <exception cref="TargetException">The guest can't be reached.</exception>
    public static KernelElf? Create(GuestSession guest, bool withCode) =>
        guest.Programs.KernelTable is { } table ? new KernelElf(guest, table, withCode) : null;

    /// <summary>Writes it.</summary>
    /// <param name="stream">Receives it.</param>
    /// <param name="cancellation">Ends the writing.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Write(Stream stream, CancellationToken cancellation = default)
    {
        List<ElfOutputSection> sections = [.. ListParts(cancellation), .. ListModuleParts(cancellation)];
        TableSymbol[] symbols = [.. _kernel.ListSymbols(), .. _guest.ListModuleSymbols()];
        ulong[] functions = [.. symbols.Select(symbol => symbol.Address).Order()];
        IUnwindRuleSource? rules = _guest.Programs.ListForUnwinding().Rules;
        byte[] frames = FrameInfoWriter.Write(rules?.ListRanges() ?? [], functions);
        SymbolCount = symbols.Length;
        if (rules?.Problem is { } problem)
            Defects.Add(problem);

        if (FrameInfoWriter.HasEntries(frames))
        {
            FrameInfoSize = frames.Length;
            sections.Add(ElfOutputSection.Of(".debug_frame", frames));
        }

        ElfWriter.Write(
            stream,
            sections,
            symbols.Select(symbol => new ElfOutputSymbol(symbol.Name, symbol.Address, symbol.Size))
        );
    }

    private IEnumerable<ElfOutputSection> ListParts(CancellationToken cancellation)
    {
        ulong last = 0;
        foreach ((string name, string[] starts, string behind, ElfSectionFlags flags) in s_parts)
        {
            ulong? start = starts.Select(_guest.Programs.Symbols.FindSymbol).FirstOrDefault(found => found is not null);
            if (
                start is ulong from
                && _guest.Programs.Symbols.FindSymbol(behind) is ulong end
                && from >= last
                && end > from
                && end - from <= MaxSectionSize
            )
            {
                last = end;
                yield return Place(name, from, end - from, flags, name is ".text" or ".rodata", cancellation);
            }
        }
    }

    private List<ElfOutputSection> ListModuleParts(CancellationToken cancellation)
    {
        List<ElfOutputSection> sections = [];
        try
        {
            foreach (ModuleFile file in _guest.ListModules(cancellation))
            {
                foreach (GuestModulePart part in file.Loaded.Module?.Parts ?? [])
                {
                    bool isCode = part.Name.EndsWith("text", StringComparison.Ordinal) || part.Name is "core" or "init";
                    if (part.Size <= MaxSectionSize)
                        sections.Add(
                            Place(
                                $".{part.Name}.{file.Loaded.Module!.Name}",
                                part.Start,
                                part.Size,
                                isCode ? ElfSectionFlags.Executable : ElfSectionFlags.Write,
                                isCode,
                                cancellation
                            )
                        );
                }
            }

            foreach (string defect in _guest.ModuleDefects)
                Defects.Add(defect);
        }
        catch (TargetException exception) when (exception.Problem is not TargetProblem.NotConfigured)
        {
            Defects.Add($"the kernel's modules are missing: {exception.Message}");
        }
        catch (TargetException)
        {
            // A kernel without modules.
        }

        return sections;
    }

    private ElfOutputSection Place(
        string name,
        ulong address,
        ulong size,
        ElfSectionFlags flags,
        bool hasConstants,
        CancellationToken cancellation
    )
    {
        bool copies = _withCode && hasConstants;
        return new ElfOutputSection(
            name,
            copies ? ElfSectionType.ProgramBits : ElfSectionType.NoBits,
            flags | ElfSectionFlags.Allocated,
            address,
            size
        )
        {
            Write = copies ? stream => Copy(stream, address, size, cancellation) : null,
        };
    }

    private void Copy(Stream stream, ulong address, ulong size, CancellationToken cancellation)
    {
        IMemoryReader memory = _guest.Kernel.Values.Memory;
        byte[] chunk = new byte[ChunkSize];
        while (size > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(size, ChunkSize);
            int read = memory.Read(address, chunk.AsSpan(0, count));
            if (read < count)
            {
                // The rest of the page is zeros; what is behind it may be there again.
                count = (int)Math.Min((ulong)count, (ulong)read + 0x1000 - (unchecked(address + (ulong)read) & 0xfff));
                chunk.AsSpan(read, count - read).Clear();
                Unreadable += (ulong)(count - read);
            }

            stream.Write(chunk, 0, count);
            address += (ulong)count;
            size -= (ulong)count;
        }
    }
}
