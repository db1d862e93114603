namespace Osprey.Target.Execution;

/// <summary>The parts of <see cref="IExecutionControl"/> that not every way to a guest has.</summary>
[Flags]
public enum ExecutionFeatures
{
    /// <summary>Only stopping and letting run.</summary>
    None = 0,

    /// <summary>One instruction of one vCPU.</summary>
    Step = 1,

    /// <summary>Breakpoints and watchpoints.</summary>
    Breakpoints = 2,
}
