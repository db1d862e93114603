namespace Osprey.Target.Execution;

/// <summary>The things that the user allowed when a guest was reached, beyond reading it.</summary>
[Flags]
public enum TargetPermissions
{
    /// <summary>Only reading, and short pauses for that.</summary>
    None = 0,

    /// <summary>Stopping the guest, letting it run, stepping, breakpoints and watchpoints.</summary>
    Execute = 1,

    /// <summary>Writing its memory.</summary>
    Write = 2,
}
