namespace Osprey.Target.Execution;

/// <summary>The reason why a guest does not have an ability.</summary>
public enum AbilityProblem
{
    /// <summary>The user did not allow it when the guest was reached.</summary>
    NotAllowed,

    /// <summary>This way to a guest can't do it, such as a core file.</summary>
    NotSupported,
}
