namespace Osprey.Debug;

/// <summary>Kinds of steps through a source.</summary>
public enum StepKind
{
    /// <summary>To another line of this function, over the calls that it makes.</summary>
    Over,

    /// <summary>To another line, into a function that is called if its lines are known.</summary>
    Into,

    /// <summary>To where this function returns to.</summary>
    Out,

    /// <summary>One instruction, and over the function that it calls.</summary>
    InstructionOver,
}
