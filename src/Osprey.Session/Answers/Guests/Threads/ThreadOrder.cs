namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>Orders of a list of threads.</summary>
public enum ThreadOrder
{
    /// <summary>By number.</summary>
    Id,

    /// <summary>By name.</summary>
    Name,

    /// <summary>By CPU.</summary>
    Cpu,

    /// <summary>By state.</summary>
    State,

    /// <summary>Most time spent running first.</summary>
    CpuTime,

    /// <summary>Most memory of its process first.</summary>
    Memory,

    /// <summary>Longest in its state first.</summary>
    Since,

    /// <summary>Most switches first.</summary>
    Switches,
}
