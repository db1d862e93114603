namespace Osprey.Values.Printing;

/// <summary>Writes values as text, in gdb's style.</summary>
public static class ValueText
{
    /// <summary>
    /// The text of a value, as gdb's <c>print</c> gives it behind <c>$1 = </c>. Never throws for what can't be read.
    /// </summary>
    public static string Format(Value value, ValueTextOptions? options = null)
    {
        var writer = new ValueTextWriter(options ?? ValueTextOptions.Default);
        writer.WriteTop(value);
        return writer.ToString();
    }

    /// <summary>The text of a value as a part of another one: pointers without their types.</summary>
    public static string FormatInner(Value value, ValueTextOptions? options = null)
    {
        var writer = new ValueTextWriter(options ?? ValueTextOptions.Default);
        writer.Write(value, 0);
        return writer.ToString();
    }
}
