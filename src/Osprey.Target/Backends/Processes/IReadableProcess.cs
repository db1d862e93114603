namespace Osprey.Target.Backends.Processes;

/// <summary>A process of this host whose memory is read, and the words for it.</summary>
internal interface IReadableProcess
{
    /// <summary>Its process id.</summary>
    int ProcessId { get; }

    /// <summary>The process in words, such as "qemu pid 4711".</summary>
    string Description { get; }

    /// <summary>The sentence for a process that ended.</summary>
    string EndedMessage { get; }

    /// <summary>The problem that its memory is not for this user to read.</summary>
    TargetProblem NotPermitted { get; }

    /// <summary>Whether the process still runs.</summary>
    bool IsAlive();
}
