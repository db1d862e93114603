namespace Osprey.Probes.Notes;

/// <summary>The processors whose operands are understood.</summary>
public enum ProbeMachine
{
    /// <summary>Another one: operands are shown as they are.</summary>
    Unknown,

    /// <summary>32-bit x86.</summary>
    X86,

    /// <summary>x86-64.</summary>
    X64,

    /// <summary>AArch64.</summary>
    Arm64,
}
