namespace Osprey.Probes.Operands;

/// <summary>The ways in which AArch64 widens an index register.</summary>
public enum IndexExtension
{
    /// <summary>All 64 bits count.</summary>
    None,

    /// <summary>The low 32 bits count, without a sign (<c>uxtw</c>).</summary>
    Unsigned32,

    /// <summary>The low 32 bits count, with their sign (<c>sxtw</c>).</summary>
    Signed32,
}
