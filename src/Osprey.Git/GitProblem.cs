namespace Osprey.Git;

/// <summary>Reasons of a <see cref="GitException"/>.</summary>
public enum GitProblem
{
    /// <summary>There is no such folder, or it is not in a repository.</summary>
    NoRepository,

    /// <summary>The repository uses something that this reader does not know.</summary>
    Unsupported,

    /// <summary>No object, reference or path has that name.</summary>
    NotFound,

    /// <summary>An abbreviated name fits more than one object.</summary>
    Ambiguous,

    /// <summary>The object exists, but is of another type than was asked for.</summary>
    OtherType,

    /// <summary>The text does not name an object in a form that this reader knows.</summary>
    BadExpression,
}
