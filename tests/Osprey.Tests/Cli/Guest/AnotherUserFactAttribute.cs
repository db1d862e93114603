using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Cli.Guest;

/// <summary>
/// A test that runs the program as a user without rights; skipped, with the reason, where that can't be done.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnotherUserFactAttribute : FactAttribute
{
    public AnotherUserFactAttribute() =>
        Skip =
            Tools.DescribeMissing("qemu-system-x86_64", "setpriv")
            ?? (!Environment.IsPrivilegedProcess ? "needs root, to become another user" : DescribeHidden());

    /// <summary>What makes setpriv run a program as nobody.</summary>
    public static IReadOnlyList<string> Arguments { get; } = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];

    private static string? DescribeHidden()
    {
        for (
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            OperatingSystem.IsLinux() && folder is not null;
            folder = folder.Parent
        )
        {
            if ((folder.UnixFileMode & UnixFileMode.OtherExecute) == 0)
                return $"{folder.FullName}, where the program is, is not for other users";
        }

        return null;
    }
}
