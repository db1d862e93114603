namespace Osprey.Tests.Git.Oracle;

/// <summary>Compares repositories of this machine with what git says of them.</summary>
public sealed class NamedRepositoryTests
{
    [RequiresRepositoriesFact]
    public void Objects_OfRepositoriesThatAreNamed_AreThoseOfGit()
    {
        foreach (string path in RequiresRepositoriesFactAttribute.Paths)
            Assert.NotEqual(0, GitOracle.CompareAll(path));
    }
}
