using Osprey.Guests.Linux.Files;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Processes;

/// <summary>Reads mappings, and tells their names.</summary>
internal sealed class LinuxMapping
{
    private const ulong NoGate = 2; // NONE, of vsyscall_mode

    private readonly GuestKernel _kernel;
    private readonly IMemoryReader _memory;
    private readonly LinuxStruct _struct;
    private readonly LinuxField _start;
    private readonly LinuxField _end;
    private readonly LinuxField _flags;
    private readonly LinuxField _offset;
    private readonly LinuxField _file;
    private readonly LinuxField? _ways;
    private readonly LinuxField? _own;
    private readonly LinuxField? _name;
    private readonly LinuxField? _next;
    private readonly LinuxField? _specialName;
    private readonly LinuxField? _givenName;

    /// <exception cref="TargetException">The kernel's types are not known, or not understood.</exception>
    public LinuxMapping(GuestKernel kernel)
    {
        _kernel = kernel;
        _memory = kernel.Values.Memory;
        Files = new LinuxFileReader(kernel);
        _struct = new LinuxStruct(kernel, "struct vm_area_struct");
        _start = _struct.Require("vm_start");
        _end = _struct.Require("vm_end");
        _flags = _struct.Require("vm_flags");
        _offset = _struct.Require("vm_pgoff");
        _file = _struct.Require("vm_file");
        _ways = _struct.Find("vm_ops");
        _own = _struct.Find("vm_private_data");
        _name = _struct.Find("anon_name"); // 5.17, where it was chosen
        _next = _struct.Find("vm_next"); // until 6.0
        _specialName = LinuxField.Find(kernel.Values, "struct vm_special_mapping", "name");
        _givenName = LinuxField.Find(kernel.Values, "struct anon_vma_name", "name");
    }

    /// <summary>The files that are mapped.</summary>
    public LinuxFileReader Files { get; }

    /// <summary>Reads a mapping; null when there can be none, or it can't be read.</summary>
    public LinuxMappingState? Read(ulong address) =>
        _struct.TryCopy(address, out ReadOnlySpan<byte> copy)
            ? new LinuxMappingState(address, _start.Get(copy) ?? 0, _end.Get(copy) ?? 0, _flags.Get(copy) ?? 0)
            {
                File = _file.Get(copy) ?? 0,
                PageOffset = _offset.Get(copy) ?? 0,
                Ways = _ways?.Get(copy) ?? 0,
                Own = _own?.Get(copy) ?? 0,
                Name = _name?.Get(copy) ?? 0,
                Next = _next?.Get(copy),
            }
            : null;

    /// <summary>
    /// Reads the page of old system calls, which is the kernel's and seen in all processes of 64 bits; null when there
    /// is none.
    /// </summary>
    public LinuxMappingState? ReadGate(LinuxMemoryMarks marks) =>
        marks.Stack > uint.MaxValue
        && _kernel.FindSymbol("gate_vma") is { } gate
        && _kernel.FindSymbol("vsyscall_mode") is { } mode
        && _memory.TryReadUInt32(mode, out uint chosen)
        && chosen < NoGate
        && Read(gate) is { } state
            ? state with
            {
                IsGate = true,
            }
            : null;

    /// <summary>Tells the name of a mapping without a file; null when it has none.</summary>
    public string? FindName(LinuxMappingState state, LinuxMemoryMarks marks)
    {
        if (state.IsGate)
            return "[vsyscall]";

        if (state.Ways != 0 && state.Ways == _kernel.FindSymbol("special_mapping_vmops"))
            return LinuxText.Read(_memory, _specialName?.Read(_memory, state.Own) ?? 0);

        if (marks.HeapEnd >= state.Start && marks.HeapStart <= state.End)
            return "[heap]";

        if (marks.Stack >= state.Start && marks.Stack <= state.End)
            return "[stack]";

        // In kernels where a union has it, it shares its place with a node of a tree of files' mappings.
        return
            state.Name != 0
            && _givenName is { } name
            && LinuxText.Read(_memory, unchecked(state.Name + (ulong)name.Offset)) is { } given
            ? $"[anon:{given}]"
            : null;
    }
}
