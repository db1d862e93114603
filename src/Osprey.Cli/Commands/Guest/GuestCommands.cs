using System.CommandLine;
using Osprey.Cli.Commands.Guest.Block;
using Osprey.Cli.Commands.Guest.Capture;
using Osprey.Cli.Commands.Guest.Debugging;
using Osprey.Cli.Commands.Guest.Devices;
using Osprey.Cli.Commands.Guest.Diagnosis;
using Osprey.Cli.Commands.Guest.Memory;
using Osprey.Cli.Commands.Guest.Processes;
using Osprey.Cli.Commands.Guest.Scheduling;
using Osprey.Cli.Commands.Guest.Shell;
using Osprey.Cli.Commands.Guest.Threads;
using Osprey.Cli.Commands.Trace.Live;

namespace Osprey.Cli.Commands.Guest;

/// <summary>The commands that look into a guest.</summary>
internal static class GuestCommands
{
    private static readonly CommandTable s_commands = new([
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
        (
            VmlinuxCommand.Name,
            "Write a Linux kernel's ELF file out of memory: symbols, code, rules for its stacks",
            VmlinuxCommand.Create
        ),
        ("registers", "Show the registers of one vCPU or of all", RegistersCommand.Create),
        (
            "modules",
            "List the programs, libraries or kernel modules that the guest has loaded, with their files of this host",
            ModulesCommand.Create
        ),
        (
            "threads",
            "List the guest's threads: where each is, since when, and what it waits for",
            ThreadsCommand.Create
        ),
        ("ps", "List the guest's threads, as osprey threads does", ThreadsCommand.CreateForProcesses),
        (
            "locks",
            "List the locks that threads wait for, with owners and waiters, and explain deadlocks",
            LocksCommand.Create
        ),
        ("why", "Explain in a sentence why a thread of the guest does not run", WhyCommand.Create),
        (
            "runqueue",
            "List the thread that each CPU runs, and those that are ready, in the order in which they will run",
            RunQueueCommand.Create
        ),
        (
            "cpus",
            "List the CPUs of a Linux guest: what each runs, what keeps it from other threads, and what it is",
            CpusCommand.Create
        ),
        (
            "irq",
            "List the interrupts of a Linux guest: controllers, handlers, and how often each CPU took them",
            InterruptsCommand.Create
        ),
        (
            "timers",
            "List the timers of a Linux guest by CPU, the soonest first, with what each is for",
            TimersCommand.Create
        ),
        ("percpu", "Show the value of a per-CPU variable, or of a part of it, on each CPU", PerCpuCommand.Create),
        (
            "tls",
            "Show the value of a thread-local variable in each thread, of the kernel, a program or a library",
            ThreadLocalsCommand.Create
        ),
        (
            "callouts",
            "List the functions that the kernel's network stack calls later, the soonest first",
            CalloutsCommand.Create
        ),
        ("waiters", "List the threads that wait for memory to become free", WaitersCommand.Create),
        (
            "virtio",
            "List the virtio devices: their queues, what is in flight, and who is notified when",
            VirtioCommand.Create
        ),
        ("zfs", "Show the settings of ZFS, and the sizes and hits of its cache", ZfsCommand.Create),
        (
            "trace-status",
            "List the kernel's tracepoints: which are enabled, and how many samples the buffers have of each",
            TraceStatusCommand.Create
        ),
        ("strace", "Print what a running guest's tracepoints record, as it happens", StraceCommand.Create),
        (
            "abort",
            "Explain whether the guest aborted, hangs or runs: the message, the thread and its stack",
            AbortCommand.Create
        ),
        (
            "panic",
            "Explain whether the guest's kernel panicked, hangs or runs, as osprey abort does",
            AbortCommand.CreateForPanics
        ),
        ("log", "Show the messages that the guest's kernel keeps in its memory", LogCommand.Create),
        (
            "cmdline",
            "Show the command line that the guest's kernel was started with",
            KernelTextCommand.CreateCommandLine
        ),
        (
            "config",
            "Show the options that the guest's kernel was built with, where it keeps them (CONFIG_IKCONFIG)",
            KernelTextCommand.CreateConfiguration
        ),
        ("bt", "Show the stacks of vCPUs or of the guest's threads", BacktraceCommand.Create),
        (
            "memory",
            "Show how much memory the guest has, and how much of it is free, used, mapped and cached",
            MemoryCommand.Create
        ),
        (
            "slab",
            "List the caches that a Linux kernel's objects are of, the one that takes the most memory first",
            SlabCommand.Create
        ),
        ("heap", "List the ranges of free pages, and show how fragmented they are", HeapCommand.Create),
        ("mmap", "List the mappings of virtual memory, with files and permissions", MmapCommand.Create),
        ("vma", "Show the mapping that an address is in", VmaCommand.Create),
        ("linear-mmap", "List the kernel's own maps of physical memory and devices", LinearMmapCommand.Create),
        (
            "maps",
            "List the mappings of a process's memory: ranges, permissions, files, heap and stack",
            MapsCommand.Create
        ),
        (
            "files",
            "List the files, sockets and pipes that a process has open, and its directories",
            FilesCommand.Create
        ),
        ("mounts", "List the file systems that are mounted, as a process sees them", MountsCommand.Create),
        ("net", "List the network interfaces and the sockets, with queues and who has them open", NetCommand.Create),
        (
            "capture",
            "Show or record the packets of a running guest's virtio network and vsock devices, read out of its memory",
            CaptureCommand.Create
        ),
        (
            "leak",
            "Show which code allocated the memory that is in use, and turn the record of it on and off",
            LeakCommand.Create
        ),
        (
            "whatis",
            "Show what an address belongs to: symbol, thread, stack, heap object, mapping, page table",
            WhatIsCommand.Create
        ),
        ("refs", "Find the words in the guest's RAM that point to an address", RefsCommand.Create),
        ("pagetable", "Walk the page tables for an address, or show all that they map", PageTableCommand.Create),
        ("search", "Find bytes, numbers or text in the guest's RAM", SearchCommand.Create),
        (
            "report",
            "Show a page about the guest for a bug report: state, threads, waits, locks, memory, modules, samples, log",
            ReportCommand.Create
        ),
        ("top", "Show the guest's busiest threads and the load of its CPUs, again and again", TopCommand.Create),
        (
            WatchedCommand.Name,
            "Show another command's answer again every second, with what changed marked",
            WatchCommand.Create
        ),
        (
            DapCommand.Name,
            "Show guests to editors that speak the Debug Adapter Protocol: VS Code, Neovim, Emacs",
            DapCommand.Create
        ),
        (
            GdbServerCommand.Name,
            "Show the guest's own threads to gdb and lldb, with memory from its RAM, breakpoints and steps",
            GdbServerCommand.Create
        ),
        ("continue", "Let a guest run that stands still, unless a debugger holds it", RunStateCommand.CreateContinue),
        ("pause", "Stop all vCPUs of the guest until osprey continue", RunStateCommand.CreatePause),
        (
            "reset",
            "Reset the machine, as its reset button does: what the guest has not written to its disks is lost",
            RunStateCommand.CreateReset
        ),
        ("step", "Walk one thread of the guest through instructions one by one, and show each", StepCommand.Create),
        (
            "run-until",
            "Let the guest run until it comes to a function, line or address, and show it there",
            RunUntilCommand.Create
        ),
        (
            "trace-calls",
            "Print the calls of functions as they happen, with arguments, results and durations",
            TraceCallsCommand.Create
        ),
        ("fault", "Make calls of a function fail: it returns a value at once, and does nothing", FaultCommand.Create),
        (
            "who-wrote",
            "Find what wrote to memory last, in a guest that QEMU replays from a recording",
            WhoWroteCommand.Create
        ),
        (
            ReplayCommands.Name,
            "Record a guest with QEMU, and replay it: then a debugger can go backwards",
            ReplayCommands.Create
        ),
        (
            BlockCommands.Name,
            "Stop and fail disk requests of a running guest at points within QEMU's block drivers",
            BlockCommands.Create
        ),
        ("dump", "Write the guest's memory and registers to a core file", DumpCommand.Create),
        (
            ShellCommand.Name,
            "Start a shell in which many commands look into one guest, which stays open",
            ShellCommand.Create
        ),
        (
            CrashWords.Name,
            "Show what a command of the program crash shows, by that command's words",
            CrashCommand.Create
        ),
        (OsvWords.Name, "Show what a command of OSv's gdb script shows, by that command's words", OsvCommand.Create),
    ]);

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => s_commands.Names;

    /// <inheritdoc cref="CommandTable.TryCreate"/>
    public static Command? TryCreate(string name) => s_commands.TryCreate(name);

    /// <summary>All of them; those that are not called have only their names.</summary>
    public static IEnumerable<Command> Create(CalledCommands called) => s_commands.Create(called.Contains);
}
