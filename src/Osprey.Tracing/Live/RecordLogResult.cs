namespace Osprey.Tracing.Live;

/// <summary>Outcomes of a look for the record of a number.</summary>
internal enum RecordLogResult
{
    /// <summary>The record was copied.</summary>
    Found,

    /// <summary>The producer has taken the number and not stored the place yet.</summary>
    NotYet,

    /// <summary>The place or the record was overwritten.</summary>
    Lost,
}
