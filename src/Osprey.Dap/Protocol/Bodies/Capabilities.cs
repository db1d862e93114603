namespace Osprey.Dap.Protocol.Bodies;

/// <summary>The abilities of the adapter.</summary>
internal sealed record Capabilities
{
    public bool? SupportsConfigurationDoneRequest { get; init; }

    public bool? SupportsFunctionBreakpoints { get; init; }

    public bool? SupportsConditionalBreakpoints { get; init; }

    public bool? SupportsHitConditionalBreakpoints { get; init; }

    public bool? SupportsLogPoints { get; init; }

    public bool? SupportsDataBreakpoints { get; init; }

    public bool? SupportsDataBreakpointBytes { get; init; }

    public bool? SupportsInstructionBreakpoints { get; init; }

    public bool? SupportsDisassembleRequest { get; init; }

    public bool? SupportsReadMemoryRequest { get; init; }

    public bool? SupportsWriteMemoryRequest { get; init; }

    public bool? SupportsSteppingGranularity { get; init; }

    public bool? SupportsEvaluateForHovers { get; init; }

    public bool? SupportsClipboardContext { get; init; }

    public bool? SupportsValueFormattingOptions { get; init; }

    public bool? SupportsModulesRequest { get; init; }

    public bool? SupportsDelayedStackTraceLoading { get; init; }

    public bool? SupportsCancelRequest { get; init; }

    public bool? SupportTerminateDebuggee { get; init; }

    public bool? SupportsTerminateRequest { get; init; }

    public bool? SupportsSetVariable { get; init; }

    public bool? SupportsStepBack { get; init; }
}
