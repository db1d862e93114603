using Osprey.Guests.ThreadLocals;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests;

/// <summary>Finds the thread-local variables of a guest's programs for the thread that registers lead to.</summary>
/// <param name="session">The guest.</param>
internal sealed class ThreadLocalFinder(GuestSession session)
{
    /// <summary>Finds a thread-local variable.</summary>
    /// <param name="module">The program that it is of.</param>
    /// <param name="offset">Its offset in the program's block.</param>
    /// <param name="registers">Registers of the thread.</param>
    /// <param name="memory">Memory as the thread sees it.</param>
    /// <returns>Its address; null when the thread has no such block, or it is not known.</returns>
    public ulong? Find(GuestModule module, ulong offset, RegisterSet registers, IMemoryReader memory)
    {
        if (module == session.Programs.Kernel || session.Os is not IGuestThreadLocals)
            return
                session.Os.FindThreadLocals(module.Image, registers, memory, session.Programs.Kernel?.Types)
                    is { } start
                ? unchecked(start + offset)
                : null;

        return FindBlock(module, registers, memory) is { Start: { } own } block && offset < block.Size
            ? unchecked(own + offset)
            : null;
    }

    /// <summary>
    /// Finds the block of a program that the guest has loaded; null when it has none or is not known.
    /// </summary>
    public GuestThreadLocals? FindBlock(GuestModule module, RegisterSet registers, IMemoryReader memory)
    {
        if (
            session.Os is not IGuestThreadLocals os
            || session.FindLoaded(module) is not { } loaded
            || session.Os.FindThreadPointer(registers, memory, session.Programs.Kernel?.Types) is not { } pointer
        )
            return null;

        return os.FindThreadLocals(session.Kernel, loaded, pointer);
    }
}
