using System.Buffers.Binary;
using System.Text;
using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Sources;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Tests.Target.Unwinding;

/// <summary>
/// A Linux process's core file: its memory, with what was not dumped from the mapped files, and its first thread's
/// registers.
/// </summary>
internal sealed class LinuxCore : IMemoryReader, IDisposable
{
    private const uint StatusType = 1; // NT_PRSTATUS
    private const uint FilesType = 0x46494c45; // NT_FILE
    private const int RegistersOffset = 112;

    private static readonly Register?[] s_order =
    [
        X64Register.R15,
        X64Register.R14,
        X64Register.R13,
        X64Register.R12,
        X64Register.Rbp,
        X64Register.Rbx,
        X64Register.R11,
        X64Register.R10,
        X64Register.R9,
        X64Register.R8,
        X64Register.Rax,
        X64Register.Rcx,
        X64Register.Rdx,
        X64Register.Rsi,
        X64Register.Rdi,
        null,
        X64Register.Rip,
        X64Register.Cs,
        X64Register.Rflags,
        X64Register.Rsp,
        X64Register.Ss,
        X64Register.FsBase,
        X64Register.GsBase,
        X64Register.Ds,
        X64Register.Es,
        X64Register.Fs,
        X64Register.Gs,
    ];

    private readonly Func<string, string> _substitute;
    private readonly ElfImage _core;
    private readonly List<(ulong Start, ulong End, ulong Offset, ElfImage File)> _mappings = [];
    private readonly Dictionary<string, ElfImage> _files = [];
    private readonly List<ElfSymbolSource> _sources = [];

    /// <param name="path">The core file.</param>
    /// <param name="substitute">Gives the file to use in place of a mapped one.</param>
    public LinuxCore(string path, Func<string, string> substitute)
    {
        _substitute = substitute;
        _core = ElfImage.Open(path);
        foreach (ElfNote note in _core.ReadNotes())
        {
            if (note.Type == FilesType)
                ReadMappings(note.Content.Span);
            else if (note.Type == StatusType && Registers[X64Register.Rip] is null)
                ReadRegisters(note.Content.Span[RegistersOffset..]);
        }

        var modules = new List<UnwindModule>();
        foreach (ElfImage file in _files.Values)
        {
            ulong start = _mappings.Where(mapping => mapping.File == file).Min(mapping => mapping.Start);
            modules.Add(
                new UnwindModule(
                    file,
                    file.Type == ElfType.Executable ? LoadBias.None : LoadBias.FromBase(file, start),
                    () => FindDebugFile(file)
                )
            );
        }

        Modules = new UnwindModuleList(modules);
    }

    public RegisterSet Registers { get; } = new(X64Architecture.Instance);

    public UnwindModuleList Modules { get; }

    public int Read(ulong address, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int count = ReadPart(address + (ulong)total, buffer[total..]);
            if (count == 0)
                break;

            total += count;
        }

        return total;
    }

    public void Dispose()
    {
        _core.Dispose();
        foreach (ElfSymbolSource source in _sources)
            source.Dispose();

        foreach (ElfImage file in _files.Values)
            file.Dispose();
    }

    private DebugFile? FindDebugFile(ElfImage file)
    {
        _sources.Add(ElfSymbolSource.Open(file.Source.Name, null, new SymbolizerOptions { UseCache = false }));
        return _sources[^1].FindDebugFile();
    }

    private int ReadPart(ulong address, Span<byte> buffer)
    {
        int count = _core.ReadLoaded(address, buffer);
        if (count > 0)
            return count;

        foreach ((ulong start, ulong end, ulong offset, ElfImage file) in _mappings)
        {
            if (address >= start && address < end)
                return file.Source.Read(
                    (long)(offset + address - start),
                    buffer[..(int)Math.Min((ulong)buffer.Length, end - address)]
                );
        }

        return 0;
    }

    private void ReadRegisters(ReadOnlySpan<byte> values)
    {
        for (int i = 0; i < s_order.Length; i++)
        {
            if (s_order[i] is { } register)
                Registers[register] = BinaryPrimitives.ReadUInt64LittleEndian(values[(i * 8)..]);
        }
    }

    private void ReadMappings(ReadOnlySpan<byte> note)
    {
        int count = (int)BinaryPrimitives.ReadUInt64LittleEndian(note);
        ulong pageSize = BinaryPrimitives.ReadUInt64LittleEndian(note[8..]);
        string[] names = Encoding.UTF8.GetString(note[(16 + (count * 24))..]).Split('\0');
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = note[(16 + (i * 24))..];
            string name = names[i];
            if (!File.Exists(name) || !IsElf(name))
                continue;

            if (!_files.TryGetValue(name, out ElfImage? file))
                _files[name] = file = ElfImage.Open(_substitute(name));

            _mappings.Add(
                (
                    BinaryPrimitives.ReadUInt64LittleEndian(entry),
                    BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]) * pageSize,
                    file
                )
            );
        }
    }

    private static bool IsElf(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        return file.ReadAtLeast(magic, 4, false) == 4 && magic.SequenceEqual("\u007fELF"u8);
    }
}
