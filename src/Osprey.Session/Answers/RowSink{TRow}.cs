namespace Osprey.Session.Answers;

/// <summary>Takes the rows of an answer one by one, so that a large answer is never held in memory.</summary>
/// <typeparam name="TRow">The rows; a row that is a view of a buffer is valid only during the call.</typeparam>
/// <param name="row">The next row.</param>
public delegate void RowSink<in TRow>(TRow row)
    where TRow : allows ref struct;
