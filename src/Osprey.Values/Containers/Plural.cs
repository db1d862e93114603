namespace Osprey.Values.Containers;

/// <summary>Formats counts with a noun in singular or plural.</summary>
internal static class Plural
{
    /// <summary>Gives "1 element", "2 elements".</summary>
    public static string Elements(ulong count) => count == 1 ? "1 element" : $"{count} elements";
}
