using System.Runtime.CompilerServices;

namespace Osprey.Tests.Rest;

/// <summary>Reads the recorded replies of a real guest, in the folder Recorded.</summary>
internal static class RecordedReplies
{
    public static byte[] Read(string name, [CallerFilePath] string here = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "..", "Rest", "Recorded", name));
}
