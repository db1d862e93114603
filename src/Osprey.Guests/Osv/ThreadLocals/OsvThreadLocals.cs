using Osprey.Guests.Modules;
using Osprey.Guests.ThreadLocals;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Variables;
using Osprey.Target.Memory;
using Osprey.Values;

namespace Osprey.Guests.Osv.ThreadLocals;

/// <summary>Finds the thread-local variables of OSv's loaded files.</summary>
/// <remarks>
/// A loaded file has a number, its <c>_module_index</c>; a thread has a vector <c>_tls</c> with the address of its
/// block of each. A block is made when the thread first asks for it; those of libraries with static thread-locals are
/// there from the start, in front of the kernel's, and in the vector too. That of an executable is at the end of the
/// kernel's block, for the threads of its application only, and not in the vector. The control block leads to the
/// thread by the kernel's own thread-local <c>sched::s_current</c>.
/// </remarks>
/// <param name="kernel">The kernel.</param>
internal sealed class OsvThreadLocals(GuestKernel kernel)
{
    private const int MaxObjects = 1 << 14;
    private const ulong MaxSize = 1UL << 32;
    private const ulong MaxAlignment = 1 << 20;

    private readonly Dictionary<ulong, (ulong Address, Value File)> _objects = [];
    private ulong? _currentOffset;
    private bool _knowsCurrent;

    /// <summary>The kernel that this looks into.</summary>
    public GuestKernel Kernel => kernel;

    /// <summary>Finds the block of a file.</summary>
    public GuestThreadLocals? Find(GuestObject loaded, ulong threadPointer)
    {
        if (FindObject(loaded) is not var (address, file) || FindThread(threadPointer) is not { } thread)
            return null;

        if (
            OsvPointers.Number(file.Member("_module_index", "_tls_index")) is not (<= MaxObjects and var index)
            || OsvPointers.Number(file.Member("_tls_init_size")) is not (<= MaxSize and var templateSize)
            || OsvPointers.Number(file.Member("_tls_uninit_size")) is not (<= MaxSize and var zeros)
            || file.Member("_tls_segment")?.AsPointer() is not { } template
            || templateSize + zeros == 0
        )
            return null;

        var locals = new GuestThreadLocals(null, templateSize + zeros, template, templateSize);
        if (OsvPointers.Number(file.Member("_is_dynamically_linked_executable", "_is_executable")) is > 0)
            return Runs(thread, address) ? locals with { Start = FindExecutable(file, locals, threadPointer) } : null;

        return FindInVector(thread, index, out ulong? own) ? locals with { Start = own } : null;
    }

    /// <summary>Reads a thread's block of a library; false when the vector can't be read.</summary>
    private bool FindInVector(Value thread, ulong index, out ulong? own)
    {
        own = null;
        Value? blocks = thread.Member("_tls");
        ulong? first = blocks?.Path("_M_impl", "_M_start")?.AsPointer() ?? blocks?.Member("__begin_")?.AsPointer();
        ulong? end = blocks?.Path("_M_impl", "_M_finish")?.AsPointer() ?? blocks?.Member("__end_")?.AsPointer();
        if (first is not { } start || end is not { } finish || finish < start || finish - start > MaxObjects * 8UL)
            return false;

        if (index >= (finish - start) / sizeof(ulong))
            return true;

        if (!kernel.Values.Memory.TryReadUInt64(start + (index * sizeof(ulong)), out ulong block))
            return false;

        own = block == 0 ? null : block;
        return true;
    }

    /// <summary>
    /// An executable's block ends where the control block begins; the kernel leaves room there at the end of its own.
    /// </summary>
    private static ulong? FindExecutable(Value file, GuestThreadLocals locals, ulong threadPointer)
    {
        ulong alignment = Math.Max(OsvPointers.Number(file.Member("_tls_alignment")) ?? 1, 1);
        return alignment > MaxAlignment
            ? null
            : unchecked(threadPointer - ((locals.Size + alignment - 1) / alignment * alignment));
    }

    /// <summary>True when a thread belongs to the application that an executable is.</summary>
    private static bool Runs(Value thread, ulong executable) =>
        thread.Member("_app_runtime") is { } runtime
        && runtime.AsPointer() is > 0
        && OsvPointers.Target(runtime).Member("app") is { } application
        && application.Follow().Member("_lib") is { } library
        && library.AsPointer() == executable;

    private (ulong Address, Value File)? FindObject(GuestObject loaded)
    {
        if (_objects.Count == 0)
        {
            int count = 0;
            foreach (Value pointer in kernel.FindVariable("elf::program::s_objs")?.Elements() ?? [])
            {
                if (count++ == MaxObjects)
                    break;

                if (
                    pointer.AsPointer() is > 0 and var address
                    && pointer.Dereference().Fetch() is var file
                    && file.Member("_end")?.AsPointer() is { } end
                )
                    _objects[end] = (address, file);
            }
        }

        return
            _objects.TryGetValue(loaded.End, out (ulong Address, Value File) found)
            && found.File.Member("_base")?.AsPointer() == loaded.Base
            ? found
            : null;
    }

    /// <summary>Finds the thread of a control block: the thread must name the block, too.</summary>
    private Value? FindThread(ulong threadPointer)
    {
        if (FindCurrentOffset() is not { } offset || kernel.Values.FindType("sched::thread") is not { } type)
            return null;

        Value block = kernel.Values.At(kernel.Values.FindType("thread_control_block"), threadPointer);
        if (
            block.Member("tls_base")?.AsPointer() is not (> 0 and var start)
            || !kernel.Values.Memory.TryReadUInt64(unchecked(start + offset), out ulong address)
            || address == 0
        )
            return null;

        Value thread = kernel.Values.At(type, address);
        return thread.Member("_tcb")?.AsPointer() == threadPointer ? thread : null;
    }

    private ulong? FindCurrentOffset()
    {
        if (_knowsCurrent)
            return _currentOffset;

        _knowsCurrent = true;
        foreach (ValueModule module in kernel.Values.Modules)
        {
            ITypeSource types = module.Types;
            if (
                (types.FindVariable("sched::s_current") ?? types.FindVariable("s_current"))?.Location
                is VariableLocation.ThreadLocal place
            )
                return _currentOffset = place.Offset;
        }

        return null;
    }
}
