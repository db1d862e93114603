namespace Osprey.Dap.Protocol.Types;

/// <summary>An instruction.</summary>
internal sealed record DapInstruction
{
    /// <summary>Its address.</summary>
    public string Address { get; init; } = "";

    /// <summary>Its bytes.</summary>
    public string? InstructionBytes { get; init; }

    /// <summary>Its text.</summary>
    public string Instruction { get; init; } = "";

    /// <summary>The function, at its first instruction.</summary>
    public string? Symbol { get; init; }

    /// <summary>The file.</summary>
    public DapSource? Location { get; init; }

    /// <summary>The line.</summary>
    public int? Line { get; init; }

    /// <summary>"invalid" when there is none.</summary>
    public string? PresentationHint { get; init; }
}
