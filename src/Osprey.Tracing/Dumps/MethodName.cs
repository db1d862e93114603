namespace Osprey.Tracing.Dumps;

/// <summary>Names of methods, as the runtime writes them and as we do.</summary>
internal static class MethodName
{
    /// <summary>
    /// Takes the return type and the assembly from a name such as <c>void [app] Orders.Store::Find(int32)[Tier0]</c>:
    /// what is left is <c>Orders.Store::Find(int32)[Tier0]</c>.
    /// </summary>
    public static string OfPerfMap(string text)
    {
        int bracket = text.IndexOf('[', StringComparison.Ordinal);
        int end = bracket < 0 ? -1 : text.IndexOf("] ", bracket, StringComparison.Ordinal);
        int parameters = text.IndexOf('(', StringComparison.Ordinal);
        return end > 0 && end < parameters ? text[(end + 2)..] : text;
    }
}
