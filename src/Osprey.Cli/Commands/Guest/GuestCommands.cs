using System.CommandLine;

namespace Osprey.Cli.Commands.Guest;

/// <summary>The commands that look into a guest.</summary>
internal static class GuestCommands
{
    private static readonly (string Name, string Description, Func<Command> Create)[] s_commands =
    [
        ("guests", "List the QEMU guests of this host and how each can be reached", GuestsCommand.Create),
        ("info", "Show what was found of a guest: system, kernel file, vCPUs, memory", GuestInfoCommand.Create),
        (
            "read",
            "Show a guest's memory as bytes, units or raw data; works on any guest, firmware included",
            ReadCommand.Create
        ),
        ("print", "Show the value of an expression: variables, members, containers", PrintCommand.Create),
        ("type", "Show a type's layout: offsets, sizes, holes", TypeCommand.Create),
        ("symbol", "Show what is at an address, with what was inlined there; or where a name is", SymbolCommand.Create),
        (
            "list",
            "Show the source of a function or address, from disk or out of a git repository",
            SourceCommand.Create
        ),
        (
            "disassemble",
            "Show instructions as they are in the guest's memory, with symbols and source lines",
            DisassembleCommand.Create
        ),
        ("registers", "Show the registers of one vCPU or of all", RegistersCommand.Create),
        (
            "modules",
            "List the programs and libraries that the guest has loaded, with their files of this host",
            ModulesCommand.Create
        ),
        (
            "threads",
            "List the guest's threads: where each is, since when, and what it waits for",
            ThreadsCommand.Create
        ),
        (
            "locks",
            "List the locks that threads wait for, with owners and waiters, and explain deadlocks",
            LocksCommand.Create
        ),
        ("why", "Explain in a sentence why a thread of the guest does not run", WhyCommand.Create),
        ("bt", "Show the stacks of vCPUs or of the guest's threads", BacktraceCommand.Create),
        ("pagetable", "Walk the page tables for an address, or show all that they map", PageTableCommand.Create),
        ("search", "Find bytes, numbers or text in the guest's RAM", SearchCommand.Create),
        ("dump", "Write the guest's memory and registers to a core file", DumpCommand.Create),
    ];

    /// <summary>All of them; those that are not called have only their names.</summary>
    public static IEnumerable<Command> Create(CalledCommands called)
    {
        foreach ((string name, string description, Func<Command> create) in s_commands)
            yield return called.Contains(name) ? create() : new Command(name, description);
    }
}
