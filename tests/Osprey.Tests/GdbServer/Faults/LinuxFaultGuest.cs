using System.Text.RegularExpressions;
using Osprey.Tests.Guests;

namespace Osprey.Tests.GdbServer.Faults;

/// <summary>A Linux guest, without any file of its kernel.</summary>
internal sealed record LinuxFaultGuest : FaultGuest
{
    /// <summary>The place where a kernel is linked to be.</summary>
    private const ulong Unmoved = 0xffffffff81000000;

    private readonly string _current;
    private readonly string _number;

    /// <param name="guest">A guest in which two tasks spin on one vCPU.</param>
    public LinuxFaultGuest(LinuxGuest guest)
        : base(guest.Name, guest.Folder)
    {
        // From 6.2 to 6.14 it is the first member of another variable.
        string holder = HasSymbol("pcpu_hot") ? "pcpu_hot" : "current_task";
        _current = Regex.Match(Print($"&{holder}"), "0x[0-9a-f]+").Value;
        _number = Print("offsetof(struct task_struct, pid)");
        Tasks = $"0x{FindInit() + ulong.Parse(Print("offsetof(struct task_struct, tasks)"), null):x}";
    }

    /// <summary>An expression for the number of the task on the chosen vCPU, while that is in the kernel.</summary>
    public string Current => $"*(unsigned int *)(*(unsigned long *)($gs_base + {_current}) + {_number})";

    /// <inheritdoc/>
    public override string Function => "hrtimer_interrupt";

    /// <summary>The address of the pointer to the first task in the kernel's list.</summary>
    public string Tasks { get; }

    /// <inheritdoc/>
    public override bool GoesOnSoon(MachineThread thread) =>
        !thread.IsRunning && thread.Name.StartsWith("spinner", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ReadRunning(GdbMachine gdb)
    {
        string number = gdb.Evaluate(Current);
        // The kernel calls each vCPU's idle task 0, which debuggers can't.
        return number != "0" ? number : GetIdle(gdb);
    }

    /// <summary>The address of a function in a kernel that was not moved when it booted (nokaslr).</summary>
    public string FindUnmoved(string function) =>
        $"0x{Unmoved + (Convert.ToUInt64(FindSymbol(function), 16) - Convert.ToUInt64(FindSymbol("_text"), 16)):x}";

    private static string GetIdle(GdbMachine gdb)
    {
        string chosen = gdb.Evaluate("$_thread");
        MachineThread thread = gdb.ListThreads().Single(one => one.Id == chosen);
        Assert.StartsWith("swapper/", thread.Name, StringComparison.Ordinal);
        return thread.Number;
    }

    private ulong FindInit() => Convert.ToUInt64(Regex.Match(Print("&init_task"), "0x[0-9a-f]+").Value, 16);
}
