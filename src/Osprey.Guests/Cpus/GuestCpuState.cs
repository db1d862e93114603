using Osprey.Guests.Threads;

namespace Osprey.Guests.Cpus;

/// <summary>A CPU of a guest, as its kernel keeps it.</summary>
/// <param name="Number">The system's number for it.</param>
/// <param name="IsOnline">True when the system uses it.</param>
public sealed record GuestCpuState(int Number, bool IsOnline)
{
    /// <summary>The thread that it runs; null when that is not known.</summary>
    public GuestThreadState? Thread { get; init; }

    /// <summary>True when it has nothing to do; null when that is not known.</summary>
    public bool? IsIdle { get; init; }

    /// <summary>
    /// The code that it runs in place of a thread, such as "interrupt", innermost first; empty for none.
    /// </summary>
    public IReadOnlyList<string> Contexts { get; init; } = [];

    /// <summary>The number of parts of code that keep another thread from running; null when not known.</summary>
    public ulong? PreemptionCount { get; init; }

    /// <summary>The maker's name for itself; null when not known.</summary>
    public string? Vendor { get; init; }

    /// <summary>The model's name; null when not known.</summary>
    public string? Model { get; init; }

    /// <summary>Family, model and stepping as numbers: "15/107/1"; null when not known.</summary>
    public string? Version { get; init; }

    /// <summary>The frequency in kHz that the kernel measured when it booted; null when not known.</summary>
    public ulong? Frequency { get; init; }

    /// <summary>The number of its package; null when not known.</summary>
    public ulong? Package { get; init; }

    /// <summary>The number of its core in the package; null when not known.</summary>
    public ulong? Core { get; init; }

    /// <summary>The number of its interrupt controller; null when not known.</summary>
    public ulong? ApicId { get; init; }

    /// <summary>The version of its microcode; null when not known.</summary>
    public ulong? Microcode { get; init; }
}
