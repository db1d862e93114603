using System.Runtime.CompilerServices;

namespace Osprey.Tests.Rest;

/// <summary>The replies of a real guest that lie beside the tests.</summary>
internal static class RecordedReplies
{
    public static byte[] Read(string name, [CallerFilePath] string here = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "..", "Rest", "Recorded", name));
}
