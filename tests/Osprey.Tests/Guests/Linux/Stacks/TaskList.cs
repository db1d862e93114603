using Osprey.Guests;
using Osprey.Guests.Linux.Stacks;
using Osprey.Session.Guests;
using Osprey.Symbols.Types;
using Osprey.Target.Architectures;
using Osprey.Values;

namespace Osprey.Tests.Guests.Linux.Stacks;

/// <summary>The tasks of a Linux guest that do not run, for tests: those that are linked with each other.</summary>
internal static class TaskList
{
    private const int Limit = 1000;

    /// <summary>The registers of each task that does not run, by its name.</summary>
    public static IReadOnlyList<(string Name, RegisterSet Registers)> ReadSleeping(GuestSession session)
    {
        GuestKernel kernel = session.Kernel;
        DebugType type = kernel.Values.FindType("struct task_struct")!;
        SwitchedOutRegisters reader = SwitchedOutRegisters.Create(kernel.Values, kernel.Values.Memory)!;
        ulong first = session.Symbols.FindSymbol("init_task")!.Value;
        Value init = kernel.Values.At(type, first);
        ulong distance = init.Member("tasks")!.Address!.Value - first;
        var found = new List<(string, RegisterSet)>();
        Value task = init;
        for (int i = 0; i < Limit; i++)
        {
            ulong next = task.Path("tasks", "next")!.AsPointer()!.Value - distance;
            if (next == first)
                return found;

            task = kernel.Values.At(type, next);
            Assert.True(task.Member("on_cpu")!.TryGetInt64(out long isRunning));
            byte[] name = new byte[16];
            Assert.Null(task.Member("comm")!.ReadBytes(name));
            if (isRunning == 0 && reader.Read(next) is { } registers)
                found.Add((System.Text.Encoding.ASCII.GetString(name).TrimEnd('\0'), registers));
        }

        throw new InvalidOperationException("the list of tasks does not end");
    }
}
