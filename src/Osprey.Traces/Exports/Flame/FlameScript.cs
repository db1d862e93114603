using System.Reflection;

namespace Osprey.Traces.Exports.Flame;

/// <summary>The script in a flame graph; see flame.js beside this file.</summary>
internal static class FlameScript
{
    /// <summary>Reads the script.</summary>
    public static string Read()
    {
        using Stream script = Assembly.GetExecutingAssembly().GetManifestResourceStream("flame.js")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd().TrimEnd();
    }
}
