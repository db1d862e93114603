namespace Osprey.Target;

/// <summary>What state a guest is in while it is read: how far its memory can be trusted to hold together.</summary>
public enum TargetAccess
{
    /// <summary>It runs on: two reads may be of different moments.</summary>
    Live,

    /// <summary>Its vCPUs stand still.</summary>
    Paused,

    /// <summary>A file of a moment that is past.</summary>
    Core,
}
