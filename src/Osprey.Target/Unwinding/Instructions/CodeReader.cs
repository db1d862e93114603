using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Target.Unwinding.Instructions;

/// <summary>Looks at instructions, in the guest's memory or, where that can't be read, in the files.</summary>
internal sealed class CodeReader(Architecture architecture, IUnwindModuleSource modules, IMemoryReader memory)
{
    /// <summary>The guest's memory.</summary>
    public IMemoryReader Memory => memory;

    /// <summary>The programs and libraries.</summary>
    public IUnwindModuleSource Modules => modules;

    /// <summary>Copies instructions; a short count means that no more can be read.</summary>
    public int Read(ulong address, Span<byte> buffer)
    {
        int count = memory.Read(address, buffer);
        return count > 0 ? count : modules.FindModule(address)?.ReadCode(address, buffer) ?? 0;
    }

    /// <summary>Tells whether an address can be one that a call returns to: in code, and behind a call.</summary>
    /// <param name="address">The address.</param>
    /// <param name="target">The target of that call; 0 when it does not name it itself.</param>
    public bool IsReturnAddress(ulong address, out ulong target)
    {
        target = 0;
        ICallInstructions? calls = architecture.Calls;
        int longest = calls?.LongestCall ?? 1;
        if (address < (ulong)longest || !architecture.IsCanonical(address))
            return false;

        UnwindModule? module = modules.FindModule(address - 1);
        if (module is not null && !module.IsCode(address - 1))
            return false;

        // Where calls are not known, being in the code of a known program must do.
        if (calls is null)
            return module is not null;

        Span<byte> bytes = stackalloc byte[longest];
        for (int size = longest; size >= calls.ShortestCall; size--)
        {
            Span<byte> before = bytes[..size];
            if (Read(address - (ulong)size, before) != size)
                continue;

            if (!calls.EndsWithCall(before))
                return false;

            target = calls.GetTarget(before, address) ?? 0;
            return true;
        }

        return false;
    }
}
