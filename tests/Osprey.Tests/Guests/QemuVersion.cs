using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Osprey.Tests.Guests;

/// <summary>The version of the QEMU that tests start.</summary>
internal static class QemuVersion
{
    private static readonly Lazy<Version?> s_found = new(Ask);

    /// <summary>
    /// Says that this QEMU is older than the first one that was seen to do what a test needs; null when it is not, or
    /// there is none.
    /// </summary>
    /// <param name="oldest">That version.</param>
    /// <param name="purpose">What the test needs of it.</param>
    public static string? DescribeOlder(Version oldest, string purpose) =>
        s_found.Value is { } version && version < oldest
            ? $"QEMU {version} is older than {oldest}, and {purpose}"
            : null;

    /// <summary>
    /// Says that this QEMU is newer than the last one that was seen to do what a test needs; null when it is not, or
    /// there is none.
    /// </summary>
    /// <param name="newest">That version.</param>
    /// <param name="purpose">What is wrong with newer ones.</param>
    public static string? DescribeNewer(Version newest, string purpose) =>
        s_found.Value is { } version && version > newest
            ? $"QEMU {version} is newer than {newest}, and {purpose}"
            : null;

    private static Version? Ask()
    {
        try
        {
            using Process qemu = Process.Start(
                new ProcessStartInfo("qemu-system-x86_64", ["--version"])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            Match version = Regex.Match(qemu.StandardOutput.ReadToEnd(), @"version (\d+\.\d+)");
            qemu.WaitForExit();
            return version.Success ? Version.Parse(version.Groups[1].Value) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
