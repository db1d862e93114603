namespace Osprey.Session.Answers;

/// <summary>A column with the way to its values.</summary>
/// <typeparam name="TRow">The rows.</typeparam>
/// <param name="name">Its name in data, in camelCase.</param>
/// <param name="kind">The meaning of its values.</param>
public abstract class Column<TRow>(string name, ColumnKind kind) : Column(name, kind)
    where TRow : allows ref struct
{
    /// <summary>Hands a row's value of this column to a writer.</summary>
    public abstract void Write(in TRow row, CellWriter writer);
}
