namespace Osprey.Session.Answers.Traces.Calls;

/// <summary>What a line in a listing of function calls shows.</summary>
public enum CallLineKind
{
    /// <summary>A call within which nothing else was recorded.</summary>
    Call,

    /// <summary>The beginning of a call.</summary>
    Enter,

    /// <summary>The end of a call.</summary>
    Leave,

    /// <summary>The end of a call whose beginning was lost.</summary>
    LoneLeave,

    /// <summary>Another sample.</summary>
    Sample,
}
