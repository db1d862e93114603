namespace Osprey.Dap.Protocol.Types;

/// <summary>A frame of a stack.</summary>
internal sealed record DapStackFrame
{
    /// <summary>Its number.</summary>
    public int Id { get; init; }

    /// <summary>The function.</summary>
    public string Name { get; init; } = "";

    /// <summary>The file.</summary>
    public DapSource? Source { get; init; }

    /// <summary>The line; 0 when unknown.</summary>
    public int Line { get; init; }

    /// <summary>The column; 0: not known.</summary>
    public int Column { get; init; }

    /// <summary>The address of the instruction.</summary>
    public string? InstructionPointerReference { get; init; }

    /// <summary>The module.</summary>
    public string? ModuleId { get; init; }

    /// <summary>"subtle" for what is of little interest.</summary>
    public string? PresentationHint { get; init; }
}
