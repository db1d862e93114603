namespace Osprey.Traces.Model;

/// <summary>The place on a sample's way at which it was lost.</summary>
public enum LossSource
{
    /// <summary>The recorder, on the traced system's side: it never wrote the data, or wrote over it.</summary>
    Recorder,

    /// <summary>The import: our reading of the input, and damage to the input on its way to us.</summary>
    Import,

    /// <summary>The analysis or export: it could not use what was read.</summary>
    Analysis,
}
