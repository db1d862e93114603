namespace Osprey.Dap.Protocol.Types;

/// <summary>A breakpoint as it is.</summary>
internal sealed record DapBreakpoint
{
    /// <summary>Its number.</summary>
    public int? Id { get; init; }

    /// <summary>Tells whether it is in the guest.</summary>
    public bool Verified { get; init; }

    /// <summary>The reason why not.</summary>
    public string? Message { get; init; }

    /// <summary>The file.</summary>
    public DapSource? Source { get; init; }

    /// <summary>The line that was really taken.</summary>
    public int? Line { get; init; }

    /// <summary>Its address.</summary>
    public string? InstructionReference { get; init; }
}
