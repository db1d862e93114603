namespace Osprey.Tests.Git.Oracle;

/// <summary>A test over the repositories that OSPREY_GIT_REPOSITORIES names, with colons between them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresRepositoriesFactAttribute : FactAttribute
{
    public RequiresRepositoriesFactAttribute() =>
        Skip = Paths.Length == 0 ? "OSPREY_GIT_REPOSITORIES names no repositories" : null;

    /// <summary>The repositories.</summary>
    public static string[] Paths =>
        (Environment.GetEnvironmentVariable("OSPREY_GIT_REPOSITORIES") ?? "").Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );
}
