using System.Runtime.CompilerServices;

namespace Osprey.Tests.Target.Backends.Qemu;

/// <summary>What real QEMUs printed of machines that booted nothing but their firmware.</summary>
internal static class MonitorTexts
{
    /// <summary>A text as the monitor sends it, lines ended by CR LF.</summary>
    public static string Read(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "Texts", name)).ReplaceLineEndings("\r\n");
}
