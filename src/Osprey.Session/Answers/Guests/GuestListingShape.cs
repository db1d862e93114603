using Osprey.Session.Guests;

namespace Osprey.Session.Answers.Guests;

/// <summary>The columns of a list of guests.</summary>
public static class GuestListingShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestListing> Shape { get; } =
        new Shape<GuestListing>("guests")
            .Integer("pid", guest => guest.Process.ProcessId)
            .Text("name", guest => guest.Process.CommandLine.GuestName)
            .Integer("vcpus", guest => guest.CpuCount)
            .WithBlank("?")
            .Size("memory", guest => guest.MemorySize)
            .WithBlank("?")
            .Text("state", guest => guest.State)
            .WithBlank("?")
            .Text("machine", guest => guest.Process.CommandLine.Machine)
            .OnlyInData()
            .Text("kernel", guest => guest.Process.CommandLine.Kernel)
            .OnlyInData()
            .Text("kernel", guest => Path.GetFileName(guest.Process.CommandLine.Kernel))
            .OnlyInText()
            .Boolean("memoryReadable", guest => guest.CanReadMemory)
            .OnlyInData()
            .Text("qmp", guest => guest.Qmp)
            .OnlyInData()
            .Text("qmpProblem", guest => guest.QmpProblem)
            .OnlyInData()
            .Text("gdb", guest => guest.Gdb)
            .OnlyInData()
            .Texts("reachedBy", ListWays)
            .OnlyInText();

    private static IEnumerable<string> ListWays(GuestListing guest)
    {
        yield return guest.CanReadMemory switch
        {
            true => "memory",
            false => "no memory (not permitted)",
            null => "memory not tried in time",
        };
        if (guest.Qmp is not null)
            yield return guest.QmpProblem is null ? guest.Qmp : $"no {guest.Qmp} ({guest.QmpProblem})";

        if (guest.Gdb is not null)
            yield return $"gdb:{guest.Gdb}";
    }
}
