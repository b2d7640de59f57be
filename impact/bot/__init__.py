"""The one comment on a pull request: found again by its marker and its author, and kept up to date.

    forges      where to post, from the environment of the job       `forges`
    sticky      find, create, update, clear: the same on every forge `sticky`
    suggesting  edits on the lines of the change, each posted once   `suggesting`, `hunks`
    client      requests, retries, and errors that tell no secret    `client`
    comments    what writes them is one thing on every forge         `comments`
    one file    per forge                                            `github`, `gitlab`, `gitea`, `bitbucket`

What is posted was made from a report that may come from anybody: it is held against its schema first, and rendered inert.
"""
