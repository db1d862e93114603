namespace Osprey.Traces.Model;

/// <summary>The weight of a kind of loss.</summary>
public enum LossSeverity
{
    /// <summary>The answer is whole; the user may want to know.</summary>
    Info,

    /// <summary>The answer lacks something that happened in the traced system.</summary>
    DataLoss,

    /// <summary>The input is not as its format demands, and what lies behind that place could not be used.</summary>
    Error,
}
