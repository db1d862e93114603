using Osprey.Guests.Threads;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>The columns of threads that belong to processes, as Linux has them.</summary>
public static class TaskShape
{
    private static readonly Shape<GuestNamespace> s_namespace = new Shape<GuestNamespace>("namespaces")
        .Text("kind", space => space.Kind)
        .Unsigned("number", space => space.Number);

    /// <summary>The columns.</summary>
    public static Shape<ThreadRow> Shape { get; } = MakeShape();

    /// <summary>The columns, with the control group and the namespaces of each thread.</summary>
    public static Shape<ThreadRow> ShapeWithGroups { get; } =
        MakeShape()
            .Text("cgroup", row => row.Membership?.ControlGroup)
            .Text("namespaces", row => row.OwnNamespaces)
            .Headed("OTHER NAMESPACES")
            .OnlyInText()
            .Records("namespaces", row => row.Membership?.Namespaces, () => s_namespace)
            .OnlyInData();

    private static Shape<ThreadRow> MakeShape() =>
        new Shape<ThreadRow>("threads")
            .Unsigned("id", row => row.State.Id)
            .Headed("PID")
            .Unsigned("processId", row => row.State.ProcessId)
            .Headed("TGID")
            .Unsigned("parentId", row => row.State.ParentId)
            .Headed("PARENT")
            .Address("address", row => row.State.Address)
            .Text("name", row => row.State.Name)
            .OnlyInData()
            .Text("name", row => new string(' ', row.Depth * 2) + row.State.Name)
            .OnlyInText()
            .Text("kind", row => row.State.IsKernel is { } isKernel ? (isKernel ? "kernel" : "user") : null)
            .Integer("cpu", row => row.State.Cpu)
            .Text("state", row => row.State.State)
            .Text("stateLetter", row => row.State.StateLetter?.ToString())
            .OnlyInData()
            .Boolean("running", row => row.State.IsRunning)
            .OnlyInData()
            .Text("policy", row => row.State.Policy)
            .Integer("priority", row => (long?)row.State.Priority)
            .Headed("PRIO")
            .Integer("nice", row => row.State.Nice)
            .Integer("realtimePriority", row => row.State.RealtimePriority)
            .OnlyInData()
            .Number("virtualRuntime", row => row.State.VirtualRuntime)
            .OnlyInData()
            .Size("virtualSize", row => row.State.VirtualSize)
            .OnlyInData()
            .Size("residentSize", row => row.State.ResidentSize)
            .Headed("RSS")
            .Duration("cpuTime", row => row.State.CpuTime)
            .Duration("userTime", row => row.State.UserTime)
            .OnlyInData()
            .Duration("systemTime", row => row.State.SystemTime)
            .OnlyInData()
            .Time("switchedAt", row => (ulong?)row.State.SwitchedAt)
            .Headed("SINCE (S)")
            .Unsigned("switches", row => row.State.Switches)
            .OnlyInData()
            .Unsigned("preemptions", row => row.State.Preemptions)
            .OnlyInData()
            .Unsigned("migrations", row => row.State.Migrations)
            .OnlyInData()
            .Address("stackStart", row => row.State.StackStart)
            .OnlyInData()
            .Size("stackSize", row => row.State.StackSize)
            .OnlyInData()
            .Text("where", row => row.Place)
            .OnlyInText()
            .Text("function", row => row.Where?.Function)
            .OnlyInData()
            .Text("file", row => row.Where?.File)
            .OnlyInData()
            .Integer("line", row => row.Where?.Line)
            .OnlyInData()
            .Text("waitsFor", row => row.Wait?.Description)
            .Text("waitKind", row => row.WaitWord)
            .OnlyInData()
            .Address("waitObject", row => row.Wait?.Object)
            .OnlyInData()
            .Unsigned("waitOwner", row => row.Wait?.Owner)
            .OnlyInData()
            .Boolean("torn", row => row.IsTorn)
            .OnlyInData();
}
