namespace Osprey.Traces.Semantics;

/// <summary>The use that a frame has in a profile.</summary>
public enum FrameUse
{
    /// <summary>A frame of the traced code: it is shown.</summary>
    Shown,

    /// <summary>A frame that says nothing: it is left out.</summary>
    Hidden,

    /// <summary>The function that threads start in: it and its callers are left out.</summary>
    ThreadStart,
}
