using Osprey.Guests.Threads;
using Osprey.Target;

namespace Osprey.Guests.Linux.Processes;

/// <summary>What a task has of its own or shares with others: memory, files, directories and namespaces.</summary>
internal sealed class LinuxTaskMembers
{
    private readonly GuestKernel _kernel;
    private readonly LinuxField _id;

    /// <exception cref="TargetException">The kernel's types are not known, or not understood.</exception>
    public LinuxTaskMembers(GuestKernel kernel)
    {
        _kernel = kernel;
        var task = new LinuxStruct(kernel, "struct task_struct");
        _id = task.Require("pid");
        Memory = task.Require("mm");
        Files = task.Require("files");
        Directories = task.Require("fs");
        Namespaces = task.Require("nsproxy");
    }

    public LinuxField Memory { get; }

    public LinuxField Files { get; }

    public LinuxField Directories { get; }

    public LinuxField Namespaces { get; }

    /// <summary>Reads one of them.</summary>
    /// <param name="thread">The task.</param>
    /// <param name="member">The member.</param>
    /// <param name="name">What it is in words: "memory".</param>
    /// <exception cref="TargetException">The task has none, or can't be read.</exception>
    public ulong Get(GuestThreadState thread, LinuxField member, string name)
    {
        if (_id.Read(_kernel.Values.Memory, thread.Address) != thread.Id)
            throw new TargetException(TargetProblem.NoSuchThread, $"task {thread.Label} ended while it was read");

        return member.Read(_kernel.Values.Memory, thread.Address) switch
        {
            null => throw new TargetException(
                TargetProblem.NotUnderstood,
                $"the {name} of task {thread.Label} can't be read"
            ),
            0 when thread.IsKernel == true => throw new TargetException(
                TargetProblem.NotAnswered,
                $"task {thread.Label} is a thread of the kernel: it has no {name} of its own"
            ),
            0 => throw new TargetException(
                TargetProblem.NotAnswered,
                $"task {thread.Label} is {thread.State}: its {name} {(name == "files" ? "are" : "is")} gone"
            ),
            { } found => found,
        };
    }
}
