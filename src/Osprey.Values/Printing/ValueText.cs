namespace Osprey.Values.Printing;

/// <summary>Formats values as text, in gdb's style.</summary>
public static class ValueText
{
    /// <summary>
    /// Formats a value as gdb's <c>print</c> does after <c>$1 = </c>. Memory that cannot be read is reported in the
    /// text, not by an exception.
    /// </summary>
    public static string Format(Value value, ValueTextOptions? options = null)
    {
        var writer = new ValueTextWriter(options ?? ValueTextOptions.Default);
        writer.WriteTop(value);
        return writer.ToString();
    }

    /// <summary>Formats a value as a part of another one: pointers have no types before them.</summary>
    public static string FormatInner(Value value, ValueTextOptions? options = null)
    {
        var writer = new ValueTextWriter(options ?? ValueTextOptions.Default);
        writer.Write(value, 0);
        return writer.ToString();
    }
}
