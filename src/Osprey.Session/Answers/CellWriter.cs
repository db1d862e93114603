namespace Osprey.Session.Answers;

/// <summary>Takes the values of an answer, column by column, and brings them into a form such as JSON.</summary>
/// <remarks>
/// Typed methods, so that no value is boxed. The column is null for the elements of a list. Every value of a column,
/// and null where there is none, comes exactly once a row: a writer may count on the order of the columns.
/// </remarks>
public abstract class CellWriter
{
    /// <summary>The form that this writer makes: only columns that are shown in it are written.</summary>
    public abstract ColumnUse Use { get; }

    /// <summary>Takes that there is no value.</summary>
    public abstract void Null(Column? column);

    /// <summary>Takes text.</summary>
    public abstract void Text(Column? column, ReadOnlySpan<char> text);

    /// <summary>Takes text that should be UTF-8, but need not be.</summary>
    public abstract void Text(Column? column, ReadOnlySpan<byte> text);

    /// <summary>Takes a whole number.</summary>
    public abstract void Integer(Column? column, long value);

    /// <summary>Takes a whole number of 64 bits without sign.</summary>
    public abstract void Unsigned(Column? column, ulong value);

    /// <summary>Takes an address.</summary>
    public abstract void Address(Column? column, ulong value);

    /// <summary>Takes a number; one that is not finite counts as no value.</summary>
    public abstract void Number(Column? column, double value);

    /// <summary>Takes true or false.</summary>
    public abstract void Boolean(Column? column, bool value);

    /// <summary>Takes bytes.</summary>
    public abstract void Bytes(Column? column, ReadOnlySpan<byte> value);

    /// <summary>Takes a value of one of the guest's types.</summary>
    public abstract void Value(Column? column, IStructuredValue value);

    /// <summary>Begins a record; its values follow, then <see cref="EndRecord"/>.</summary>
    public abstract void BeginRecord(Column? column);

    /// <summary>Ends the innermost record.</summary>
    public abstract void EndRecord();

    /// <summary>Begins a list; its elements follow, then <see cref="EndList"/>.</summary>
    public abstract void BeginList(Column? column);

    /// <summary>Ends the innermost list.</summary>
    public abstract void EndList();
}
